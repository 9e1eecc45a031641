export const id = 210;
export const ids = [210];
export const modules = {

/***/ 5210:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  phase: () => (/* binding */ phase),
  safeAnswer: () => (/* binding */ safeAnswer)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 37 modules
var src = __webpack_require__(5989);
;// CONCATENATED MODULE: ./src/runs-on.ts

/** Reads a label, a list of labels, or a `{group, labels}` that was parsed already. @throws UserError naming `input` */
function readRunsOn(input, text, structured) {
    if (structured !== undefined)
        return readGroup(input, text, structured);
    const [first, ...rest] = (0,src/* parseList */.E1)(text);
    if (first === undefined)
        throw wrong(input, text);
    return rest.length === 0 ? first : [first, ...rest];
}
function readGroup(input, text, structured) {
    if (typeof structured !== 'object' || structured === null)
        throw wrong(input, text);
    const { group, labels, ...others } = structured;
    const labelsFit = labels === undefined || typeof labels === 'string' || isTexts(labels);
    if (typeof group !== 'string' || group === '' || !labelsFit || Object.keys(others).length > 0)
        throw wrong(input, text);
    return labels === undefined ? { group } : { group, labels };
}
function isTexts(value) {
    return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}
function wrong(input, text) {
    return new src/* UserError */.yo(`Input '${input}' is ${(0,src/* quote */.hD)(text)}: expected a label, a list of labels, or {group: …, labels: […]}.`);
}
/** As the output `runs-on` has it: always JSON that `fromJSON` takes. */
function toJson(runsOn) {
    return JSON.stringify(runsOn);
}
/** Whether it names self-hosted runners outright. A group, or a label of one's own, may still be either. */
function isDeclaredSelfHosted(runsOn) {
    const labels = typeof runsOn === 'object' && 'group' in runsOn ? (runsOn.labels ?? []) : runsOn;
    return [labels].flat().some((label) => label.toLowerCase() === 'self-hosted');
}

;// CONCATENATED MODULE: ./src/decide.ts

/** Takes the pool or leaves it. Pure: the same facts give the same decision. */
function decide(policy, trust, observation) {
    const { source } = observation;
    if (!trust.trusted) {
        return leave(policy, { reason: 'untrusted', source: 'static', confidence: 'high', why: trust.why });
    }
    const verdict = judge(policy, observation);
    const confidence = observation.kind === 'seen' ? observation.confidence : 'low';
    if (!verdict.take)
        return leave(policy, { reason: verdict.reason, source, confidence, why: verdict.why });
    const [label = ''] = policy.labels;
    return {
        decision: 'run',
        runsOn: policy.labels.length === 1 ? label : [...policy.labels],
        pool: poolName(policy.labels),
        isSelfHosted: true,
        reason: verdict.reason,
        source,
        confidence,
        sentence: `Runs on ${policy.labels.join(', ')}: ${verdict.why}.`,
    };
}
/** The pool's name where no config gives one. */
function poolName(labels) {
    return labels.join('+');
}
function judge(policy, seen) {
    if (seen.kind === 'unknown') {
        const why = `nothing could be found out about the runners (${seen.detail})`;
        return { take: policy.onUnknown === 'use', reason: seen.reason, why };
    }
    const left = (reason, why) => ({ take: false, reason, why });
    if (seen.matching === 0 && seen.hidden > 0) {
        return left('group-not-visible', 'the runners with these labels are in a group that this repository may not use');
    }
    if (seen.matching === 0)
        return left('no-match', 'no runner has all the labels');
    if (seen.online === 0)
        return left('offline', `${count(seen.matching, 'runner')} with these labels, none online`);
    const free = `${seen.free} of ${seen.online} online ${seen.online === 1 ? 'runner is' : 'runners are'} free`;
    if (policy.whenBusy === 'queue') {
        return { take: true, reason: seen.free > 0 ? 'idle' : 'online', why: free };
    }
    if (seen.free < policy.minFree)
        return left('busy', `${free}, at least ${policy.minFree} wanted`);
    return { take: true, reason: 'idle', why: free };
}
function leave(policy, why) {
    const { fallback } = policy;
    const common = {
        pool: 'fallback',
        isSelfHosted: false,
        reason: why.reason,
        source: why.source,
        confidence: why.confidence,
    };
    if (fallback === 'fail' || fallback === 'skip') {
        const verb = fallback === 'fail' ? 'Fails' : 'Skips the job';
        return { ...common, decision: fallback, runsOn: '', sentence: `${verb}: ${why.why}.` };
    }
    if (why.reason === 'untrusted' && isDeclaredSelfHosted(fallback)) {
        const sentence = `Fails: ${why.why}, and the fallback is self-hosted too.`;
        return { ...common, decision: 'fail', runsOn: '', sentence };
    }
    const isSelfHosted = isDeclaredSelfHosted(fallback);
    return {
        ...common,
        decision: 'run',
        runsOn: fallback,
        isSelfHosted,
        sentence: `Runs on the fallback ${describe(fallback)}: ${why.why}.`,
    };
}
/** A `runs-on` for people. */
function describe(runsOn) {
    if (typeof runsOn === 'string')
        return runsOn;
    if (!('group' in runsOn))
        return runsOn.join(', ');
    const labels = [runsOn.labels ?? []].flat();
    return `group ${runsOn.group}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}
function count(amount, noun) {
    return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./src/inputs.ts


const whenBusy = ['fallback', 'queue'];
const trustedAssociations = ['OWNER', 'MEMBER', 'COLLABORATOR'];
async function readInputs(inputs) {
    const policy = inputs.choice('when-busy', whenBusy) ?? 'fallback';
    const minFree = inputs.integer('min-free', { min: 1, max: 10_000 }) ?? 1;
    if (policy === 'queue' && minFree !== 1) {
        throw new src/* UserError */.yo("Input 'min-free' has no meaning with 'when-busy: queue'. Remove it, or use 'when-busy: fallback'.");
    }
    return Object.freeze({
        labels: readLabels(inputs),
        fallback: readFallback(inputs.text('fallback') ?? 'ubuntu-latest', await structuredFallback(inputs)),
        token: inputs.secret('token'),
        runnerToken: inputs.secret('runner-token'),
        whenBusy: policy,
        minFree,
        onUnknown: inputs.choice('on-unknown', ['fallback', 'use']) ?? 'fallback',
        onError: readOnError(inputs),
        trust: readTrust(inputs),
        deadline: inputs.duration('deadline') ?? 20_000,
    });
}
/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
function readOnError(inputs) {
    return inputs.choice('on-error', ['fallback', 'fail']) ?? 'fallback';
}
/** Labels match without regard to case, so the same one twice is one. */
function readLabels(inputs) {
    const labels = inputs.list('labels');
    const unique = new Map(labels.map((label) => [label.toLowerCase(), label]));
    if (unique.size > 0)
        return [...unique.values()];
    throw new src/* UserError */.yo("Input 'labels' is empty. Name the labels of your runners, for example 'self-hosted, linux, x64'.");
}
async function structuredFallback(inputs) {
    const text = inputs.text('fallback') ?? '';
    return /^\s*(\{|group\s*:|labels\s*:)/.test(text) ? inputs.structured('fallback') : undefined;
}
function readFallback(text, structured) {
    return text === 'fail' || text === 'skip' ? text : readRunsOn('fallback', text, structured);
}
function readTrust(inputs) {
    const valid = [...trustedAssociations, 'CONTRIBUTOR', 'dependabot'];
    return inputs
        .list('trust')
        .filter((entry) => entry !== 'same-repository')
        .map((entry) => {
        const found = valid.find((name) => name.toLowerCase() === entry.toLowerCase());
        if (found !== undefined)
            return found;
        throw new src/* UserError */.yo(`Input 'trust' is '${entry}': expected same-repository, ${valid.join(', ')}.`);
    });
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ../../packages/github/src/failure.ts
/** A request that got no usable answer. */
class GitHubFailure extends Error {
    name = 'GitHubFailure';
    kind;
    status;
    /** What GitHub says would have been enough (`X-Accepted-GitHub-Permissions`). */
    acceptedPermissions;
    constructor(kind, message, details = {}) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.kind = kind;
        this.status = details.status;
        this.acceptedPermissions = details.acceptedPermissions;
    }
}

;// CONCATENATED MODULE: ../../packages/github/src/classify.ts

const serverErrorBackoff = 500;
const secondaryLimitBackoff = 60_000;
/**
 * Classifies by status and headers. 403 and 429 are rate limits when the headers or the text say so.
 * Source: GitHub's page "Rate limits for the REST API", "Exceeding the rate limit".
 * @param now milliseconds since the epoch; `x-ratelimit-reset` is compared with the answer's own `date`, since clocks differ
 */
function classify(route, answer, now) {
    const { status, headers, message } = answer;
    const acceptedPermissions = classify_text(headers['x-accepted-github-permissions']);
    const fail = (kind, why, retryAfter) => ({
        failure: new GitHubFailure(kind, `${route}: ${status} ${why}`, { status, acceptedPermissions }),
        retryAfter,
    });
    if (status >= 500)
        return fail('server-error', 'GitHub had a problem', waitOf(headers) ?? serverErrorBackoff);
    if (status === 429 || (status === 403 && isRateLimit(headers, message))) {
        const wait = waitOf(headers) ?? untilReset(headers, now) ?? secondaryLimitBackoff;
        return fail('rate-limited', `the rate limit is used up for ${Math.ceil(wait / 1000)} s`, wait);
    }
    if (status === 401)
        return fail('unauthorized', 'the token is wrong or has expired');
    if (status === 403)
        return fail('forbidden', `the token lacks a permission${wanted(acceptedPermissions)}`);
    if (status === 404)
        return fail('not-found', 'not there, or not visible to the token');
    return fail('rejected', message.split('\n', 1)[0] ?? '');
}
function wanted(permissions) {
    return permissions === undefined ? '' : `; GitHub accepts: ${permissions}`;
}
function isRateLimit(headers, message) {
    return (headers['x-ratelimit-remaining']?.toString() === '0' ||
        waitOf(headers) !== undefined ||
        /rate limit/i.test(message));
}
/** `Retry-After` in seconds; GitHub does not send dates there. */
function waitOf(headers) {
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
function untilReset(headers, now) {
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
    if (!Number.isFinite(reset) || headers['x-ratelimit-remaining']?.toString() !== '0')
        return undefined;
    const served = Date.parse(classify_text(headers['date']) ?? '');
    return Math.max(0, reset - (Number.isNaN(served) ? now : served));
}
function classify_text(header) {
    return header === undefined ? undefined : String(header);
}

;// CONCATENATED MODULE: ../../packages/github/src/client.ts



/** The longest that one request may take, so that a server that stalls leaves time for a second try. */
const requestLimit = 8_000;
const attempts = 3;
/**
 * A client. Server errors, dropped connections and short rate limits are tried again, as long as the wait fits into
 * the deadline. Proxies (`HTTPS_PROXY`, `NO_PROXY`) are honoured by `@actions/github`, which is loaded on the first call.
 */
function connect(options) {
    let used = 0;
    let request;
    return {
        callsUsed: () => used,
        async get(route, parameters = {}) {
            request ??= openRequest(options);
            for (let attempt = 1;; attempt += 1) {
                if (used >= options.calls)
                    throw new GitHubFailure('call-budget', `${route}: the budget of ${options.calls} calls is used up`);
                used += 1;
                const { value, failure, retryAfter } = await send(await request, route, parameters, options.deadline);
                if (failure === undefined)
                    return value;
                const wait = retryAfter === undefined ? undefined : retryAfter * attempt;
                if (wait === undefined || attempt === attempts || wait >= options.deadline.remaining())
                    throw failure;
                await (0,external_node_timers_promises_.setTimeout)(wait, undefined, { signal: options.deadline.signal }).catch(() => {
                    throw failure;
                });
            }
        },
    };
}
async function openRequest({ token, apiUrl }) {
    const { getOctokit } = await __webpack_require__.e(/* import() */ 329).then(__webpack_require__.bind(__webpack_require__, 1329));
    const silent = () => undefined;
    const octokit = getOctokit(token, {
        baseUrl: apiUrl,
        userAgent: 'runner-actions',
        log: { debug: silent, info: silent, warn: silent, error: silent },
    });
    return (route, parameters) => octokit.request(`GET ${route}`, parameters);
}
async function send(request, route, parameters, deadline) {
    const { signal } = deadline.limit(requestLimit);
    const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
    try {
        const { data } = await request(route, { ...given, request: { signal } });
        if (typeof data === 'object' && data !== null)
            return { value: data };
        return { failure: new GitHubFailure('invalid-response', `${route}: the answer is not JSON`) };
    }
    catch (error) {
        return explain(route, error, deadline);
    }
}
function explain(route, error, deadline) {
    const { status, message, response } = error;
    if (deadline.remaining() === 0) {
        return {
            failure: new GitHubFailure('deadline', `${route}: no answer before the deadline`, { cause: error }),
        };
    }
    if (response !== undefined && status !== undefined && status >= 300) {
        return classify(route, { status, headers: response.headers, message }, Date.now());
    }
    const kind = status !== undefined && status < 300 ? 'invalid-response' : 'network';
    const failure = new GitHubFailure(kind, `${route}: ${message.split('\n', 1)[0]}`, { cause: error });
    return { failure, retryAfter: kind === 'network' ? 300 : undefined };
}

;// CONCATENATED MODULE: ../../packages/github/src/pages.ts

const perPage = 100;
/**
 * The items of a list, page by page; the caller stops by leaving the loop. Goes by the items and `total_count`, not by
 * the `Link` header, which proxies rewrite. An item that moved to a later page meanwhile is given once.
 * @param read checks an item's shape; `undefined` is an answer that cannot be used
 * @throws GitHubFailure
 */
async function* pagesOf(github, route, parameters, key, read) {
    const seen = new Set();
    for (let page = 1, received = 0;; page += 1) {
        const answer = (await github.get(route, { ...parameters, per_page: perPage, page }));
        const raw = answer[key];
        if (!Array.isArray(raw))
            throw unusable(route, `'${key}' is not a list`);
        const items = raw
            .map((item) => read(item) ?? fail(route, key))
            .filter(({ id }) => !seen.has(id));
        for (const { id } of items)
            seen.add(id);
        received += raw.length;
        yield items;
        const total = typeof answer['total_count'] === 'number' ? answer['total_count'] : Number.POSITIVE_INFINITY;
        if (raw.length < perPage || received >= total)
            return;
    }
}
function fail(route, key) {
    throw unusable(route, `an item of '${key}' has not the documented shape`);
}
function unusable(route, why) {
    return new GitHubFailure('invalid-response', `${route}: ${why}`);
}

;// CONCATENATED MODULE: ../../packages/github/src/runners.ts

/** Needs `Administration: read` of the repository. @throws GitHubFailure */
function repositoryRunners(github, { owner, name }) {
    return pagesOf(github, '/repos/{owner}/{repo}/actions/runners', { owner, repo: name }, 'runners', readRunner);
}
/** Needs `Self-hosted runners: read` of the organization. @throws GitHubFailure */
function organizationRunners(github, organization) {
    return pagesOf(github, '/orgs/{org}/actions/runners', { org: organization }, 'runners', readRunner);
}
/** The groups that `repository` may use. Needs `Self-hosted runners: read` of the organization. @throws GitHubFailure */
function visibleRunnerGroups(github, { owner, name }) {
    const route = '/orgs/{org}/actions/runner-groups';
    return pagesOf(github, route, { org: owner, visible_to_repository: name }, 'runner_groups', runners_readGroup);
}
function readRunner(item) {
    const { id, name, status, busy, labels, runner_group_id: groupId } = fields(item);
    if (typeof id !== 'number' || typeof name !== 'string' || typeof status !== 'string')
        return undefined;
    if (typeof busy !== 'boolean' || !Array.isArray(labels))
        return undefined;
    const names = labels
        .map((label) => fields(label)['name'])
        .filter((text) => typeof text === 'string');
    return {
        id,
        name,
        online: status === 'online',
        busy,
        labels: names,
        groupId: typeof groupId === 'number' ? groupId : undefined,
    };
}
function runners_readGroup(item) {
    const { id, name, allows_public_repositories: open, restricted_to_workflows: restricted } = fields(item);
    if (typeof id !== 'number' || typeof name !== 'string')
        return undefined;
    return { id, name, allowsPublicRepositories: open === true, restrictedToWorkflows: restricted === true };
}
/** An object's fields; of anything else, none. */
function fields(item) {
    return typeof item === 'object' && item !== null ? item : {};
}

;// CONCATENATED MODULE: ../../packages/github/src/runs.ts


/** Newest first. Needs `Actions: read`. @throws GitHubFailure */
function workflowRuns(github, { owner, name }, filter = {}) {
    const route = '/repos/{owner}/{repo}/actions/runs';
    return pagesOf(github, route, { owner, repo: name, ...filter }, 'workflow_runs', readRun);
}
/** The jobs of one attempt of a run. Needs `Actions: read`. @throws GitHubFailure */
function attemptJobs(github, { owner, name }, run) {
    const route = '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs';
    const parameters = { owner, repo: name, run_id: run.id, attempt_number: run.attempt };
    return pagesOf(github, route, parameters, 'jobs', readJob);
}
function readRun(item) {
    const { id, run_attempt: attempt, status, conclusion, event, created_at: created } = fields(item);
    const createdAt = time(created);
    if (typeof id !== 'number' || typeof event !== 'string' || createdAt === undefined)
        return undefined;
    return {
        id,
        attempt: typeof attempt === 'number' ? attempt : 1,
        status: runs_text(status) ?? 'unknown',
        conclusion: runs_text(conclusion),
        event,
        createdAt,
    };
}
function readJob(item) {
    const job = fields(item);
    const { id, name, status, labels, runner_id: runner, steps } = job;
    if (typeof id !== 'number' || typeof name !== 'string' || typeof status !== 'string')
        return undefined;
    const runnerId = typeof runner === 'number' && runner > 0 ? runner : undefined;
    return {
        id,
        name,
        status,
        conclusion: runs_text(job['conclusion']),
        labels: Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [],
        runnerId,
        runnerName: runs_text(job['runner_name']),
        runnerGroup: runs_text(job['runner_group_name']),
        createdAt: time(job['created_at']) ?? time(job['started_at']) ?? 0,
        startedAt: runnerId === undefined ? undefined : time(job['started_at']),
        completedAt: time(job['completed_at']),
        steps: Array.isArray(steps) ? steps.map(readStep) : [],
    };
}
function readStep(item) {
    const { name, number, conclusion, started_at: started, completed_at: completed } = fields(item);
    return {
        name: runs_text(name) ?? '',
        number: typeof number === 'number' ? number : 0,
        conclusion: runs_text(conclusion),
        startedAt: time(started),
        completedAt: time(completed),
    };
}
function runs_text(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}
function time(value) {
    const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(parsed) ? undefined : parsed;
}

;// CONCATENATED MODULE: ../../packages/github/src/index.ts





;// CONCATENATED MODULE: ./src/observation.ts
/** Whether a runner has all the labels; GitHub compares without regard to case. */
function hasLabels(runner, wanted) {
    const own = new Set(runner.labels.map((label) => label.toLowerCase()));
    return wanted.every((label) => own.has(label.toLowerCase()));
}
/** Counts of the runners that match. */
function observation_count(runners, labels) {
    const matching = runners.filter((runner) => hasLabels(runner, labels));
    const online = matching.filter((runner) => runner.online);
    return {
        matching: matching.length,
        online: online.length,
        free: online.filter((runner) => !runner.busy).length,
    };
}
/** A source that gave nothing. */
function unknown(source, failures) {
    const limited = failures.some(({ kind }) => kind === 'rate-limited');
    const detail = failures.map(({ message }) => message).join('; ');
    return {
        kind: 'unknown',
        source,
        reason: limited ? 'rate-limited' : 'unknown',
        failed: failures.length > 0,
        detail,
    };
}

;// CONCATENATED MODULE: ./src/history.ts

/** How long a job that was taken proves that its pool is alive. */
const proofOfLife = 15 * 60_000;
/** How long a job may wait before it says that nobody takes jobs; GitHub itself may need a minute to offer one. */
const patience = 2 * 60_000;
/** The group that GitHub names for its own runners. A hosted runner may carry a label of ours. */
const hostedGroup = 'GitHub Actions';
/**
 * What jobs of this repository tell about a pool when its runners cannot be listed. A job that a runner took lately
 * proves life; one that has waited longer than `patience`, with nothing taken since, says that the pool is dead or full.
 * `waiting`, `pending` and `requested` are approvals and concurrency, not a lack of runners.
 */
function readHistory(jobs, labels, now) {
    const own = jobs.filter((job) => isFor(job, labels) && job.runnerGroup !== hostedGroup);
    const taken = own.filter((job) => job.startedAt !== undefined && now - job.startedAt < proofOfLife);
    const lastTaken = Math.max(Number.NEGATIVE_INFINITY, ...taken.map((job) => job.startedAt ?? 0));
    const queued = own.filter((job) => job.status === 'queued' && job.runnerId === undefined);
    const stuck = queued.filter((job) => now - job.createdAt > patience && job.createdAt > lastTaken);
    const busy = new Set(own.filter((job) => job.status === 'in_progress').map((job) => job.runnerName));
    const seen = { kind: 'seen', source: 'history', confidence: 'medium', matching: 1, hidden: 0 };
    if (stuck.length > 0 && taken.length === 0) {
        return { ...seen, online: 0, free: 0, detail: `${stuck.length} queued for over 2 min, none taken` };
    }
    if (taken.length === 0)
        return undefined;
    const online = new Set(taken.map((job) => job.runnerName)).size;
    const free = Math.max(0, online - busy.size - queued.length);
    const minutes = Math.round((now - lastTaken) / 60_000);
    return {
        ...seen,
        matching: online,
        online,
        free,
        detail: `last job taken ${minutes} min ago, ${queued.length} queued`,
    };
}
/** A job asks for this pool when a runner of the pool could take it, and it asks for something of the pool's own. */
function isFor(job, labels) {
    return hasLabels({ labels }, job.labels) && hasLabels({ labels: job.labels }, labels);
}

;// CONCATENATED MODULE: ./src/observe-io.ts



/** 100 pages of runners in each of two lists, the groups, and some retries. */
const runnerCalls = 220;
const historyCalls = 6;
/** Asks the best source that the tokens allow. It never throws for what GitHub answers: that is `unknown`. */
async function observe(question) {
    const { token, runnerToken, job, deadline } = question;
    if (runnerToken !== undefined) {
        return listRunners(connect({ token: runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls }), question);
    }
    if (token === undefined) {
        return {
            kind: 'unknown',
            source: 'static',
            reason: 'token-missing',
            failed: false,
            detail: 'no runner-token and no token',
        };
    }
    return askHistory(connect({ token, apiUrl: job.apiUrl, deadline, calls: historyCalls }), question);
}
async function listRunners(github, question) {
    const { labels, enough, job } = question;
    const isEnough = (runners) => observation_count(runners, labels).free >= enough;
    const own = await collect(repositoryRunners(github, job.repository), isEnough);
    if (isEnough(own.runners))
        return seen(own.runners, [], question, []);
    // The groups come first: only runners that this repository may use are enough to stop at.
    const groups = await visibleGroups(github, job);
    const usable = (runners) => runners.filter((runner) => isVisible(runner, groups.ids));
    const shared = await collect(organizationRunners(github, job.repository.owner), (runners) => isEnough([...own.runners, ...usable(runners)]));
    const failures = [own.failure, groups.failure, shared.failure].filter((failure) => failure !== undefined);
    // A repository of a user has no organization: that is an answer, not a failure.
    const isUsers = own.failure === undefined && failures.length === 2 && failures.every(({ kind }) => kind === 'not-found');
    const known = [...own.runners, ...usable(shared.runners)];
    const hidden = shared.runners.filter((runner) => !isVisible(runner, groups.ids) && hasLabels(runner, labels));
    if (isUsers)
        return seen(known, [], question, []);
    // A list that failed might have held them: not finding any in the other one says nothing.
    const matching = known.some((runner) => hasLabels(runner, labels));
    if (!matching && failures.length > 0)
        return unknown('runners-api', failures);
    return seen(known, hidden, question, failures);
}
function isVisible(runner, visible) {
    return visible === undefined || runner.groupId === undefined || visible.has(runner.groupId);
}
function seen(runners, hidden, { labels }, failures) {
    const detail = failures.map(({ message }) => message).join('; ');
    const confidence = failures.length === 0 ? 'high' : 'medium';
    return {
        kind: 'seen',
        source: 'runners-api',
        confidence,
        ...observation_count(runners, labels),
        hidden: hidden.length,
        detail,
    };
}
/** Reads pages until it is enough. A page that fails leaves what came before it. */
async function collect(pages, isEnough) {
    const runners = [];
    try {
        for await (const page of pages) {
            runners.push(...page);
            if (isEnough(runners))
                break;
        }
        return { runners };
    }
    catch (error) {
        if (error instanceof GitHubFailure)
            return { runners, failure: error };
        throw error;
    }
}
async function visibleGroups(github, job) {
    const isPublic = job.payload()?.repository?.private === false;
    const ids = new Set();
    try {
        for await (const groups of visibleRunnerGroups(github, job.repository)) {
            for (const group of groups)
                if (!isPublic || group.allowsPublicRepositories)
                    ids.add(group.id);
        }
        return { ids };
    }
    catch (error) {
        if (error instanceof GitHubFailure)
            return { ids: undefined, failure: error };
        throw error;
    }
}
/** Reads jobs of recent runs, this run excepted, until one proves life or the calls are used up. */
async function askHistory(github, { labels, job }) {
    const jobs = [];
    try {
        for await (const batch of recentJobs(github, job.repository, job.runId)) {
            jobs.push(...batch);
            const answer = readHistory(jobs, labels, Date.now());
            if (answer?.kind === 'seen' && answer.online > 0)
                break;
        }
    }
    catch (error) {
        if (!(error instanceof GitHubFailure))
            throw error;
        if (error.kind !== 'call-budget')
            return unknown('history', [error]);
    }
    const detail = 'no runner-token, and no recent job of this repository tells';
    return (readHistory(jobs, labels, Date.now()) ?? {
        kind: 'unknown',
        source: 'history',
        reason: 'token-missing',
        failed: false,
        detail,
    });
}
/** Jobs of unfinished runs first, since they tell of a backlog; then of the newest finished ones. One call a run. */
async function* recentJobs(github, repository, ownRun) {
    const runs = (await firstPage(workflowRuns(github, repository))).filter(({ id }) => String(id) !== ownRun);
    const finished = runs.filter(({ status }) => status === 'completed');
    const unfinished = runs.filter(({ status }) => status !== 'completed');
    for (const run of [...unfinished, ...finished])
        yield await firstPage(attemptJobs(github, repository, run));
}
async function firstPage(pages) {
    for await (const page of pages)
        return page;
    return [];
}

;// CONCATENATED MODULE: ./src/report.ts



function makeReport(decision, { labels, trust, observation }) {
    const { decision: verdict, runsOn, pool, isSelfHosted, reason, source, confidence, sentence } = decision;
    const pools = [
        {
            pool: poolName(labels),
            labels,
            taken: isSelfHosted && pool !== 'fallback',
            observation: observation ?? null,
        },
    ];
    const common = { reason, source, confidence, sentence, trust, pools };
    return {
        version: 1,
        decision: verdict,
        'runs-on': runsOn,
        pool,
        'is-self-hosted': isSelfHosted,
        ...common,
    };
}
/** The summary: one sentence and a table of what was considered. Counts only: a public log names no runner. */
function renderSummary(decision, considered) {
    const { labels, observation } = considered;
    const seen = observation?.kind === 'seen' ? observation : undefined;
    const numbers = seen === undefined ? ['–', '–', '–'] : [seen.matching, seen.online, seen.free].map(String);
    const taken = decision.pool === 'fallback' ? `left: ${decision.reason}` : `**taken**: ${decision.reason}`;
    const source = observation === undefined ? 'not asked' : `${observation.source}, ${decision.confidence}`;
    const fallback = decision.runsOn === '' ? decision.decision : describe(decision.runsOn);
    const rows = [[labels.map(src/* codeSpan */.SS).join(' '), ...numbers, source, taken]];
    if (decision.pool === 'fallback')
        rows.push([`fallback: ${(0,src/* codeSpan */.SS)(fallback)}`, '–', '–', '–', 'static', '**taken**']);
    const head = ['Pool', 'Matching', 'Online', 'Free', 'Source', 'Result'];
    return `### Runner: ${(0,src/* escapeMarkdown */.FV)(decision.sentence)}\n\n${(0,src/* table */.tp)(head, rows)}`;
}
/** What the outputs are called, and what they say. */
function outputsOf(decision) {
    return {
        decision: decision.decision,
        'runs-on': toJson(decision.runsOn),
        pool: decision.pool,
        'is-self-hosted': String(decision.isSelfHosted),
        reason: decision.reason,
        source: decision.source,
        confidence: decision.confidence,
    };
}

;// CONCATENATED MODULE: ./src/trust.ts
/** Events that only someone with write access, or GitHub itself, can cause, on a ref of this repository. */
const ownEvents = new Set([
    'push',
    'schedule',
    'workflow_dispatch',
    'repository_dispatch',
    'merge_group',
    'release',
    'create',
    'delete',
    'deployment',
    'deployment_status',
    'registry_package',
    'page_build',
    'workflow_call',
]);
const pullRequestEvents = new Set([
    'pull_request',
    'pull_request_target',
    'pull_request_review',
    'pull_request_review_comment',
]);
/**
 * Judges by event and payload; what it does not know it does not trust. This is defence in depth: a pull request can
 * change the workflow itself, so the boundary is the runner group. Source: GitHub's page "Secure use reference".
 */
function assessTrust(facts) {
    const payload = record(facts.payload);
    if (payload === undefined)
        return no('the event payload cannot be read');
    if (isDependabot(facts, payload) && !facts.allowed.includes('dependabot'))
        return no('Dependabot is not trusted');
    if (pullRequestEvents.has(facts.eventName))
        return ofPullRequest(facts, payload);
    if (facts.eventName === 'workflow_run')
        return ofWorkflowRun(facts, payload);
    if (ownEvents.has(facts.eventName))
        return { trusted: true, why: `${facts.eventName} comes from the repository itself` };
    return no(`the event ${facts.eventName || '(none)'} can be caused by anyone`);
}
function ofPullRequest(facts, payload) {
    const pull = record(payload['pull_request']);
    const head = record(record(pull?.['head'])?.['repo']);
    if (pull === undefined)
        return no('the payload has no pull request');
    if (sameName(head?.['full_name'], facts.repository))
        return { trusted: true, why: 'the pull request comes from this repository' };
    const association = String(pull['author_association'] ?? 'NONE');
    if (facts.allowed.includes(association))
        return { trusted: true, why: `the author is ${association}, which is trusted` };
    return no(head === undefined ? 'the repository of the pull request is gone' : 'the pull request comes from a fork');
}
function ofWorkflowRun(facts, payload) {
    const head = record(record(payload['workflow_run'])?.['head_repository']);
    return sameName(head?.['full_name'], facts.repository)
        ? { trusted: true, why: 'the run that caused this one comes from this repository' }
        : no('the run that caused this one comes from a fork');
}
/** A maintainer who re-runs Dependabot's run becomes the actor, so the author counts too. */
function isDependabot(facts, payload) {
    const author = record(record(payload['pull_request'])?.['user'])?.['login'];
    return [facts.actor, author].includes('dependabot[bot]');
}
function record(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
function sameName(name, repository) {
    return typeof name === 'string' && repository !== '' && name.toLowerCase() === repository.toLowerCase();
}
function no(why) {
    return { trusted: false, why };
}

;// CONCATENATED MODULE: ./src/main.ts








async function phase(step) {
    const inputs = await readInputs(step.inputs);
    const considered = await consider(step, inputs);
    const decision = decide(inputs, considered.trust, considered.observation ?? notAsked);
    await answer(step, decision, considered);
    if (decision.decision === 'fail')
        throw new src/* UserError */.yo(decision.sentence);
}
/** The decision broke: the fallback, unless `on-error` says that a broken decision fails the job. */
async function safeAnswer(step, fault) {
    if (readOnError(step.inputs) === 'fail')
        throw new src/* UserError */.yo(`The decision failed: ${(0,src/* messageOf */.bD)(fault)}`);
    const inputs = await readInputs(step.inputs);
    const broken = {
        kind: 'unknown',
        source: 'static',
        reason: 'unknown',
        failed: true,
        detail: (0,src/* messageOf */.bD)(fault),
    };
    const considered = { labels: inputs.labels, trust: judgeTrustSafely(step, inputs), observation: broken };
    const decision = decide({ ...inputs, onUnknown: 'fallback' }, considered.trust, broken);
    await answer(step, { ...decision, reason: 'error' }, considered);
    if (decision.decision === 'fail')
        throw new src/* UserError */.yo(decision.sentence);
}
const notAsked = {
    kind: 'unknown',
    source: 'static',
    reason: 'unknown',
    failed: false,
    detail: 'not asked',
};
async function consider(step, inputs) {
    const { job } = step;
    const { labels, token, runnerToken } = inputs;
    const trust = judgeTrust(step, inputs);
    if (!trust.trusted)
        return { labels, trust, observation: undefined };
    const deadline = step.deadline.limit(inputs.deadline);
    const observation = await observe({ labels, enough: inputs.minFree, token, runnerToken, job, deadline });
    if (observation.kind === 'unknown' && observation.failed) {
        if (inputs.onError === 'fail')
            throw new src/* UserError */.yo(`GitHub gave no usable answer: ${observation.detail}.`);
        step.annotate('warning', `The runners could not be listed, so nothing is known about them: ${observation.detail}.`);
    }
    else if (observation.kind === 'seen' &&
        observation.source === 'runners-api' &&
        observation.detail !== '') {
        step.annotate('warning', `Decided on a part of the answer: ${observation.detail}.`);
    }
    return { labels, trust, observation };
}
function judgeTrust({ job }, { trust }) {
    const { eventName, actor, repository } = job;
    return assessTrust({
        eventName,
        payload: job.payload(),
        repository: repository.fullName,
        actor,
        allowed: trust,
    });
}
/** What broke may be the judgement itself: then nobody is trusted. */
function judgeTrustSafely(step, inputs) {
    try {
        return judgeTrust(step, inputs);
    }
    catch {
        return { trusted: false, why: 'it could not be judged whether the run is trusted' };
    }
}
async function answer(step, decision, considered) {
    for (const [name, value] of Object.entries(outputsOf(decision)))
        step.outputs.set(name, value);
    step.log.info(decision.sentence);
    step.summary.add(renderSummary(decision, considered));
    const folder = (0,external_node_path_.join)(step.job.temp, 'runner-actions');
    const path = (0,external_node_path_.join)(folder, `select-runner-${process.pid}.json`);
    try {
        await (0,promises_.mkdir)(folder, { recursive: true });
        await (0,src/* writeFileAtomic */.Zf)(path, `${JSON.stringify(makeReport(decision, considered), undefined, 2)}\n`);
        step.outputs.set('report', path);
    }
    catch (error) {
        step.annotate('warning', `The report could not be written: ${(0,src/* messageOf */.bD)(error)}. The outputs are set all the same.`);
    }
}


/***/ })

};
