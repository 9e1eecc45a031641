// How `changeset version` writes the entries of CHANGELOG.md. Users do not know the internal packages, so their new
// versions are no entries.
export default {
  getReleaseLine: async ({ summary }) => `- ${summary.trim().replaceAll('\n', '\n  ')}`,
  getDependencyReleaseLine: async () => '',
};
