-- Whose finding it is: a source that tells something else replaces its own findings and no others.
-- What was there before came with the import of its program.
ALTER TABLE assessments ADD COLUMN source_id TEXT REFERENCES sources (id);
UPDATE assessments
SET source_id = (SELECT entities.source_id FROM entities WHERE entities.id = assessments.program_id);
