-- One row: the write lock, the order of changes and the signal that there is news.
CREATE TABLE directory (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- The sequence number of the newest change.
    sequence BIGINT NOT NULL,
    -- The number of the newest revision.
    revision INTEGER NOT NULL
);
INSERT INTO directory (id, sequence, revision) VALUES (1, 0, 0);

-- Feeds and files that listings come from.
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    url TEXT,
    licence TEXT,
    attribution TEXT,
    may_republish BOOLEAN NOT NULL,
    created_at TEXT NOT NULL
);

-- Import runs.
CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    refused INTEGER NOT NULL
);

-- Every version of every organization, location and program; rows never change but for their state.
-- `document` holds the version whole, sessions, contacts, intake and coverage included.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    entity TEXT NOT NULL CHECK (entity IN ('organization', 'location', 'program')),
    entity_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'rejected')),
    document TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT,
    batch_id TEXT REFERENCES batches (id),
    created_at TEXT NOT NULL,
    UNIQUE (entity_id, number)
);

-- Every organization, location and program: its identity, its state, and which revision is public.
CREATE TABLE entities (
    id TEXT PRIMARY KEY,
    entity TEXT NOT NULL CHECK (entity IN ('organization', 'location', 'program')),
    slug TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
    latest_revision INTEGER NOT NULL REFERENCES revisions (id),
    public_revision INTEGER REFERENCES revisions (id),
    source_id TEXT NOT NULL REFERENCES sources (id),
    source_key TEXT NOT NULL,
    source_digest TEXT,
    seen_in_batch TEXT REFERENCES batches (id),
    confirmed_at TEXT,
    confirmation_method TEXT,
    review_due_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (entity, slug),
    UNIQUE (source_id, entity, source_key)
);

CREATE INDEX entities_by_public_revision ON entities (public_revision);

-- What happened for the public, in the order of the commits.
CREATE TABLE changes (
    sequence BIGINT PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL REFERENCES entities (id),
    kind TEXT NOT NULL CHECK (kind IN ('published', 'withdrawn')),
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    batch_id TEXT REFERENCES batches (id),
    at TEXT NOT NULL
);

-- What is known of each criterion at each program; conflicting evidence stands side by side.
CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    program_id TEXT NOT NULL REFERENCES entities (id),
    criterion TEXT NOT NULL,
    value TEXT NOT NULL,
    secondary TEXT NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('attested', 'public_source', 'verified')),
    source_url TEXT,
    assessed_on TEXT NOT NULL,
    assessed_by TEXT NOT NULL,
    valid_until TEXT
);
CREATE INDEX assessments_of_program ON assessments (program_id);

-- The taxonomies: topic, audience, approach, accessibility, activity.
CREATE TABLE terms (
    taxonomy TEXT NOT NULL,
    term_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (taxonomy, term_key)
);

-- What helps a person choose: criteria and their domains, red flags, questions to ask.
CREATE TABLE guidance (
    kind TEXT NOT NULL CHECK (kind IN ('domain', 'criterion', 'red_flag', 'question')),
    guidance_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, guidance_key, version)
);

-- Crisis lines by country, and international finders.
CREATE TABLE crisis_lines (
    line_key TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    document TEXT NOT NULL
);
