/**
 * What a feature brings: a tool, and others that an option asks for. The option holds the version, or another one does.
 * Or why that cannot be said.
 */
export type Feature =
  { tool: string; others?: [option: string, tool: string, version?: string][] } | { why: string };

/** The features of https://github.com/devcontainers/features (`src/<name>/devcontainer-feature.json`). */
export const features = new Map<string, Feature>([
  ['anaconda', { tool: 'conda' }],
  ['aws-cli', { tool: 'aws' }],
  ['azure-cli', { tool: 'az' }],
  ['common-utils', { why: 'brings many small packages' }],
  ['conda', { tool: 'conda' }],
  ['desktop-lite', { why: 'brings a desktop' }],
  ['docker-from-docker', { tool: 'docker' }],
  ['docker-in-docker', { tool: 'docker' }],
  ['docker-outside-of-docker', { tool: 'docker' }],
  ['dotnet', { tool: 'dotnet' }],
  ['git', { tool: 'git' }],
  ['git-lfs', { tool: 'git-lfs' }],
  ['github-cli', { tool: 'gh' }],
  ['go', { tool: 'go', others: [['golangciLintVersion', 'golangci-lint']] }],
  ['hugo', { tool: 'hugo' }],
  [
    'java',
    {
      tool: 'java',
      others: [
        ['installMaven', 'mvn', 'mavenVersion'],
        ['installGradle', 'gradle', 'gradleVersion'],
        ['installAnt', 'ant', 'antVersion'],
        ['installGroovy', 'groovy', 'groovyVersion'],
      ],
    },
  ],
  [
    'kubectl-helm-minikube',
    {
      tool: 'kubectl',
      others: [
        ['helm', 'helm'],
        ['minikube', 'minikube'],
      ],
    },
  ],
  ['nix', { tool: 'nix' }],
  ['node', { tool: 'node', others: [['pnpmVersion', 'pnpm']] }],
  ['nvidia-cuda', { why: 'brings libraries of CUDA; say it under gpu in the manifest' }],
  ['oryx', { tool: 'oryx' }],
  ['php', { tool: 'php' }],
  ['powershell', { tool: 'pwsh' }],
  ['python', { tool: 'python3' }],
  ['ruby', { tool: 'ruby' }],
  ['rust', { tool: 'rust' }],
  ['sshd', { why: 'brings a service' }],
  [
    'terraform',
    {
      tool: 'terraform',
      others: [
        ['tflint', 'tflint'],
        ['terragrunt', 'terragrunt'],
      ],
    },
  ],
]);
