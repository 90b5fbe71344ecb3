ALTER TABLE assessments DROP COLUMN source_id;
