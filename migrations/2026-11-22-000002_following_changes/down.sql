ALTER TABLE directory DROP COLUMN forgotten;
DROP TABLE mentions;
