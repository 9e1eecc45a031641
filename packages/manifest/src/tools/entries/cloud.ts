import { bareVersion, packaged, pythonPackage, type ToolEntry } from '../tool-entry.ts';

/** Command lines of clouds and of the services that hold code, and what describes infrastructure. */
export const cloud: readonly ToolEntry[] = [
  {
    names: ['aws', 'awscli', 'aws-cli'],
    pattern: /^aws-cli\/(\d\S*)/m,
    files: pythonPackage('awscli', 'awscli'),
    packages: packaged('awscli', ['apt', 'brew'], {
      dnf: 'awscli2',
      apk: 'aws-cli',
      winget: 'Amazon.AWSCLI',
    }),
  },
  {
    names: ['az', 'azure-cli'],
    arguments: ['version', '-o', 'json'],
    pattern: /"azure-cli": ?"(\d[^"\s]*)"/,
    files: pythonPackage('azure_cli', 'azure'),
    packages: packaged('azure-cli', ['apt', 'dnf', 'pacman', 'zypper', 'brew'], {
      winget: 'Microsoft.AzureCLI',
    }),
  },
  {
    names: ['gcloud', 'google-cloud-sdk'],
    pattern: /^Google Cloud SDK (\d\S*)/m,
    files: [{ path: '../VERSION', content: /^(\d\S*)/ }],
    packages: { winget: 'Google.CloudSDK' },
  },
  {
    names: ['gh', 'github-cli'],
    pattern: /^gh version (\d\S*)/m,
    packages: {
      apt: 'gh',
      dnf: 'gh',
      apk: 'github-cli',
      pacman: 'github-cli',
      zypper: 'gh',
      brew: 'gh',
      winget: 'GitHub.cli',
    },
  },
  // Warnings about the configuration come in boxes on standard error.
  {
    names: ['terraform'],
    arguments: ['version', '-json'],
    stream: 'stdout',
    // Before 0.13, it does not know -json.
    pattern: /(?:"terraform_version": ?"|^Terraform v)(\d[^"\s]*)/m,
    packages: { pacman: 'terraform', winget: 'Hashicorp.Terraform' },
  },
  {
    names: ['tofu', 'opentofu'],
    pattern: /^OpenTofu v(\d\S*)/m,
    packages: packaged('opentofu', ['apk', 'pacman', 'brew'], { winget: 'OpenTofu.Tofu' }),
  },
  {
    names: ['packer'],
    arguments: ['version'],
    pattern: /^(?:Packer v)?(\d+\.\S+)$/m,
    packages: { winget: 'Hashicorp.Packer' },
  },
  {
    names: ['vault'],
    arguments: ['version'],
    pattern: /^Vault v(\d\S*)/m,
    packages: { pacman: 'vault', winget: 'Hashicorp.Vault' },
  },
  {
    names: ['pulumi'],
    arguments: ['version'],
    pattern: bareVersion,
    packages: packaged('pulumi', ['pacman', 'brew'], { winget: 'Pulumi.Pulumi' }),
  },
  // It exits 1 where the locale is not UTF-8.
  {
    names: ['ansible', 'ansible-core'],
    scheme: 'pep440',
    environment: { LC_ALL: 'C.UTF-8' },
    pattern: /^ansible (?:\[core )?(\d[^\]\s]*)/m,
    files: pythonPackage('ansible_core', 'ansible'),
    packages: packaged('ansible-core', ['apt', 'dnf', 'apk', 'pacman'], { brew: 'ansible' }),
  },
];
