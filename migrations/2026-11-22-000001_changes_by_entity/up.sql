CREATE INDEX changes_by_entity ON changes (entity_id, sequence);
