//! The tables as diesel sees them. A test compares them with the migrations on both databases.

diesel::table! {
    directory (id) {
        id -> Integer,
        sequence -> BigInt,
        revision -> Integer,
        forgotten -> BigInt,
    }
}

diesel::table! {
    mentions (entity_id, program_id) {
        entity_id -> Text,
        program_id -> Text,
    }
}

diesel::table! {
    sources (id) {
        id -> Text,
        name -> Text,
        format -> Text,
        url -> Nullable<Text>,
        licence -> Nullable<Text>,
        attribution -> Nullable<Text>,
        may_republish -> Bool,
        created_at -> Text,
    }
}

diesel::table! {
    batches (id) {
        id -> Text,
        source_id -> Text,
        started_at -> Text,
        finished_at -> Nullable<Text>,
        added -> Integer,
        changed -> Integer,
        unchanged -> Integer,
        refused -> Integer,
    }
}

diesel::table! {
    revisions (id) {
        id -> Integer,
        entity -> Text,
        entity_id -> Text,
        number -> Integer,
        state -> Text,
        document -> Text,
        author -> Text,
        reason -> Nullable<Text>,
        batch_id -> Nullable<Text>,
        created_at -> Text,
    }
}

diesel::table! {
    entities (id) {
        id -> Text,
        entity -> Text,
        slug -> Nullable<Text>,
        status -> Text,
        latest_revision -> Integer,
        public_revision -> Nullable<Integer>,
        source_id -> Text,
        source_key -> Text,
        source_digest -> Nullable<Text>,
        seen_in_batch -> Nullable<Text>,
        confirmed_at -> Nullable<Text>,
        confirmation_method -> Nullable<Text>,
        review_due_at -> Nullable<Text>,
        created_at -> Text,
        updated_at -> Text,
    }
}

diesel::table! {
    changes (sequence) {
        sequence -> BigInt,
        entity -> Text,
        entity_id -> Text,
        kind -> Text,
        revision_id -> Integer,
        batch_id -> Nullable<Text>,
        at -> Text,
    }
}

diesel::table! {
    assessments (id) {
        id -> Text,
        program_id -> Text,
        criterion -> Text,
        value -> Text,
        secondary -> Text,
        basis -> Text,
        source_url -> Nullable<Text>,
        assessed_on -> Text,
        assessed_by -> Text,
        valid_until -> Nullable<Text>,
        source_id -> Nullable<Text>,
    }
}

diesel::table! {
    terms (taxonomy, term_key) {
        taxonomy -> Text,
        term_key -> Text,
        position -> Integer,
        document -> Text,
    }
}

diesel::table! {
    guidance (kind, guidance_key, version) {
        kind -> Text,
        guidance_key -> Text,
        version -> Integer,
        position -> Integer,
        document -> Text,
    }
}

diesel::table! {
    crisis_lines (line_key) {
        line_key -> Text,
        position -> Integer,
        document -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(entities, revisions, changes, sources, batches);
