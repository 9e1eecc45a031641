import { createHash } from 'node:crypto';
import { type Call, errorReply, type Reply } from '../exchange.ts';
import { renderFullRepository } from '../render/repository.ts';
import type { Route } from '../route.ts';

/** Source: https://docs.github.com/rest/repos/repos and https://docs.github.com/rest/repos/contents */
export const repositoryRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    handle: (call) => ({ status: 200, json: renderFullRepository(call, call.repository!) }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path}',
    requiredPermission: { permission: 'contents', level: 'read', publicReadAllowed: true },
    handle: readContents,
  },
];

function readContents(call: Call): Reply {
  const repository = call.repository!;
  const ref = call.request.query.ref ?? repository.default_branch ?? 'main';
  const isDefaultBranch = ref === (repository.default_branch ?? 'main');
  const files = repository.files_at?.[ref] ?? (isDefaultBranch ? (repository.files ?? {}) : undefined);
  if (files === undefined) return errorReply(404, `No commit found for the ref ${ref}`);
  const path = (call.parameters.path ?? '').replace(/^\/+|\/+$/g, '');
  const content = files[path];
  if (content === undefined) return readFolder(call, files, path, ref);
  const accept = call.request.headers.accept ?? '';
  if (/vnd\.github\.(v3\.)?raw/.test(accept)) {
    return { status: 200, text: { type: 'application/vnd.github.raw+json; charset=utf-8', content } };
  }
  const encoded = Buffer.from(content).toString('base64');
  const wrapped = encoded.replace(/.{1,60}/g, '$&\n');
  const json = { ...renderEntry(call, path, ref, content), encoding: 'base64', content: wrapped };
  return { status: 200, json };
}

function readFolder(call: Call, files: Record<string, string>, path: string, ref: string): Reply {
  const prefix = path === '' ? '' : `${path}/`;
  const inside = Object.keys(files).filter((name) => name.startsWith(prefix));
  if (inside.length === 0) return errorReply(404, 'Not Found');
  const children = new Set(inside.map((name) => prefix + name.slice(prefix.length).split('/')[0]));
  return { status: 200, json: [...children].map((child) => renderEntry(call, child, ref, files[child])) };
}

/** Renders a file, or a folder if there is no `content`. */
function renderEntry({ fleet, request, repository }: Call, path: string, ref: string, content?: string) {
  const fullName = `${fleet.owner.login}/${repository!.name}`;
  const [type, kind] = content === undefined ? ['dir', 'tree'] : ['file', 'blob'];
  const sha = gitHash(content ?? path);
  const url = `${request.baseUrl}/repos/${fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const git = `${request.baseUrl}/repos/${fullName}/git/${kind}s/${sha}`;
  const html = `https://github.com/${fullName}/${kind}/${encodeURI(`${ref}/${path}`)}`;
  const raw = `https://raw.githubusercontent.com/${fullName}/${encodeURI(`${ref}/${path}`)}`;
  return {
    name: path.split('/').at(-1),
    path,
    sha,
    size: Buffer.byteLength(content ?? ''),
    url,
    html_url: html,
    git_url: git,
    download_url: content === undefined ? null : raw,
    type,
    _links: { self: url, git, html },
  };
}

function gitHash(content: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
}
