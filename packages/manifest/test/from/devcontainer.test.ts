import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

const official = 'ghcr.io/devcontainers/features/';

describe('devcontainer.json', () => {
  it('reads known features and the host, with comments and a comma at the end', () => {
    const text = `// For the format, see the documentation.
{
\t"name": "project",
\t"build": { "dockerfile": "./Dockerfile" },
\t"features": {
\t\t"${official}python:1": {},
\t\t"${official}node:1": { "version": 20, "pnpmVersion": "none" },
\t\t"${official}go:1": "1.22",
\t\t"${official}docker-in-docker:2": {},
\t\t"ghcr.io/acme/features/thing:1": {}
\t},
\t"hostRequirements": { "cpus": 4, "memory": "8gb", "storage": "64gb" },
\t"postCreateCommand": "pip install -e ."

\t// "remoteUser": "me"
}`;
    expect(read('.devcontainer/devcontainer.json', text)).toEqual({
      stated: [
        '6:3 tools python3 latest',
        '7:57 tools node 20',
        '8:42 tools go 1.22',
        '9:3 tools docker latest',
        '12:32 system >=4',
        '12:45 system >=8GiB',
        '12:63 system >=64GiB',
      ],
      notRead: [
        '4:2 build | is built from a Dockerfile, which is not read',
        '7:76 pnpm none | asks for nothing',
        '10:3 ghcr.io/acme/features/thing:1 | is a feature that is not known',
        '13:2 postCreateCommand | is a command, which is not read',
      ],
      problem: undefined,
    });
  });

  it('reads what a feature brings besides', () => {
    const features = {
      [`${official}java:1`]: {
        version: '21',
        installMaven: true,
        mavenVersion: '3.9',
        installGradle: 'false',
      },
      [`${official}kubectl-helm-minikube:1`]: { version: '1.30', helm: 'latest', minikube: 'none' },
      [`${official}python:1`]: { version: '3.12', additionalVersions: '3.11, 3.10' },
      [`${official}rust:1`]: { version: '1.80', targets: 'wasm32-wasip1' },
      [`${official}dotnet`]: { version: '8.0' },
    };
    const { stated } = read('devcontainer.json', JSON.stringify({ features }));
    expect(stated.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual([
      'rust 1.80 [] [wasm32-wasip1]',
      'sdks dotnet 8.0',
      'tools helm latest',
      'tools java 21',
      'tools kubectl 1.30',
      'tools mvn 3.9',
      'tools python3 3.10',
      'tools python3 3.11',
      'tools python3 3.12',
    ]);
  });

  it.each([
    ['node:1', { version: 'lts' }, expect.stringMatching(/^moves/)],
    ['node:1', { version: 'none' }, 'asks for nothing'],
    ['python@sha256:abc', { version: 'os-provided' }, 'python3 latest'],
    ['git:1', true, 'git latest'],
    ['git:1', false, 'is switched off'],
    ['common-utils:2', {}, 'brings many small packages'],
    ['unheard:1', {}, 'is a feature that is not known'],
  ])('feature %s with %j', (name, options, expected) => {
    const text = JSON.stringify({ features: { [official + name]: options } });
    expect(readOne('.devcontainer.json', text)).toEqual(expected);
  });

  it.each([
    [{ cpus: 8 }, '>=8'],
    [{ cpus: '8' }, '>=8'],
    [{ cpus: 0 }, 'is no requirement that is known'],
    [{ memory: '512mb' }, '>=512MiB'],
    [{ memory: '1073741824' }, '>=1073741824B'],
    [{ memory: '8 GB' }, 'is no requirement that is known'],
    [{ storage: '1tb' }, '>=1TiB'],
    [{ gpu: true }, '>=1'],
    [{ gpu: { memory: '16gb' } }, '>=1 >=16GiB'],
    [{ gpu: 'optional' }, 'asks for nothing'],
    [{ gpu: false }, 'asks for nothing'],
  ])('host %j', (hostRequirements, expected) => {
    expect(readOne('devcontainer.json', JSON.stringify({ hostRequirements }))).toBe(expected);
  });

  it('says that no driver tells the cores of a GPU', () => {
    const text = '{"hostRequirements":{"gpu":{"cores":1000}}}';
    expect(read('devcontainer.json', text)).toMatchObject({
      stated: ['1:28 gpu >=1'],
      notRead: ['1:29 gpu.cores 1000 | is nothing that a driver tells'],
    });
  });
});

describe('pyproject.toml', () => {
  it.each([
    ['[project]\nrequires-python = ">=3.9,<4"', 'python3 >=3.9 <4'],
    ['[tool.poetry.dependencies]\npython = "^3.9"\nx = "1"', 'python3 ^3.9'],
    ['project.requires-python = ">=3.9"\n[tool.poetry.dependencies]\npython = "^3.8"', 'python3 >=3.9'],
    ['[project]\nrequires-python = "^3.9"', 'is no version specifier of Python'],
    ['[project]\nrequires-python = 3.9', 'is no range in quotes'],
  ])('%j', (text, expected) => {
    expect(readOne('pyproject.toml', text)).toBe(expected);
  });

  it('asks for nothing without either', () => {
    expect(read('pyproject.toml', '[build-system]\nrequires = ["x"]')).toMatchObject({
      stated: [],
      notRead: [],
    });
  });
});
