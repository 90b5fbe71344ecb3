-- The organizations and locations that the public revision of each program names: what happens to
-- these changes the program too.
CREATE TABLE mentions (
    entity_id TEXT NOT NULL REFERENCES entities (id),
    program_id TEXT NOT NULL REFERENCES entities (id),
    PRIMARY KEY (entity_id, program_id)
);
CREATE INDEX mentions_of_program ON mentions (program_id);

-- Up to which number the log of changes has been forgotten.
ALTER TABLE directory ADD COLUMN forgotten BIGINT NOT NULL DEFAULT 0;
