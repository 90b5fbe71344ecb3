-- Fills the peer of `benches/postgis`: what the product publishes, arranged for searching by SQL.
--
-- psql -v export=FILE -v taxonomies=FILE -v addresses=FILE -v answers=FILE -f benches/postgis.sql

\set ON_ERROR_STOP on
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
SET client_min_messages = warning;

-- What the product publishes ---------------------------------------------------------------------------

-- One JSON document a line: separators that JSON never has keep COPY from reading anything into it.
CREATE UNLOGGED TABLE exported (program int GENERATED ALWAYS AS IDENTITY, document jsonb);
CREATE UNLOGGED TABLE taxonomies (document jsonb);
CREATE UNLOGGED TABLE addresses (number int GENERATED ALWAYS AS IDENTITY, address text);
CREATE UNLOGGED TABLE answers (number int GENERATED ALWAYS AS IDENTITY, document jsonb);
\set copy '(FORMAT csv, QUOTE E''\\x01'', DELIMITER E''\\x02'')'
COPY exported (document) FROM :'export' :copy;
COPY taxonomies FROM :'taxonomies' :copy;
COPY addresses (address) FROM :'addresses' :copy;
COPY answers (document) FROM :'answers' :copy;

-- Each term with the terms above it, so that a filter on a wide term finds the narrow ones.
CREATE UNLOGGED TABLE terms AS
WITH RECURSIVE term AS (
  SELECT key AS taxonomy, item ->> 'key' AS key, item ->> 'parent' AS parent,
    ARRAY(SELECT jsonb_each_text.value FROM jsonb_each_text(item -> 'labels'))
      || ARRAY(SELECT jsonb_array_elements_text(item -> 'synonyms')) AS names
  FROM taxonomies, jsonb_each(document -> 'data'), jsonb_array_elements(value) AS item
), wider (taxonomy, key, above, parent) AS (
  SELECT taxonomy, key, key, parent FROM term
  UNION
  SELECT wider.taxonomy, wider.key, term.key, term.parent
  FROM wider JOIN term ON term.taxonomy = wider.taxonomy AND term.key = wider.parent
)
SELECT taxonomy, key, array_agg(DISTINCT above) AS wider, min(names) AS names
FROM wider JOIN term USING (taxonomy, key) GROUP BY taxonomy, key;

CREATE FUNCTION with_wider(of_taxonomy text, keys jsonb) RETURNS text[] STABLE
RETURN (SELECT coalesce(array_agg(DISTINCT above), '{}')
  FROM jsonb_array_elements_text(keys) AS own
    JOIN terms ON terms.taxonomy = of_taxonomy AND terms.key = own, unnest(terms.wider) AS above);

CREATE FUNCTION texts(list jsonb) RETURNS text[] IMMUTABLE
RETURN ARRAY(SELECT jsonb_array_elements_text(list));

-- What is shown, and what is known of it -------------------------------------------------------------------

CREATE TABLE documents (program int PRIMARY KEY, document text COMPRESSION lz4);
ALTER TABLE documents ALTER document SET STORAGE main;
INSERT INTO documents SELECT program, (document - 'provenance')::text FROM exported;

CREATE UNLOGGED TABLE programs AS
SELECT program,
  texts(document -> 'kinds') AS kind,
  ARRAY[document ->> 'form'] AS form,
  with_wider('topic', document -> 'topics') AS topic,
  with_wider('audience', document -> 'audiences') AS audience,
  with_wider('approach', document -> 'approaches') AS approach,
  texts(document -> 'languages') AS language,
  array_remove(ARRAY[document #>> '{cost,kind}'], NULL) AS cost,
  texts(document #> '{intake,access}') AS access,
  coalesce(document #>> '{intake,accepting,status}', 'unknown') AS accepting,
  document -> 'for_whom' ? 'self' AS for_self,
  -- Where a person must be to take part.
  CASE WHEN document #>> '{coverage,worldwide}' = 'true' THEN '{world}' ELSE '{}'::text[] END
    || texts(document #> '{coverage,countries}') || texts(document #> '{coverage,subdivisions}')
    || texts(document #> '{coverage,counties}')
    || ARRAY(SELECT (area ->> 'country') || ' ' || (area ->> 'prefix')
      FROM jsonb_array_elements(document #> '{coverage,postal_prefixes}') AS area) AS areas,
  setweight(to_tsvector('english', document ->> 'name'), 'A')
    || setweight(to_tsvector('english', document #>> '{organization,name}'), 'B')
    -- The names of its terms, synonyms of one word included: of longer ones each word would be found alone.
    || setweight(to_tsvector('english', coalesce((SELECT string_agg(name, ' ')
      FROM jsonb_path_query(document, '$.*[*] ? (@.type() == "string")') AS own
        JOIN terms ON terms.key = own #>> '{}', unnest(names) WITH ORDINALITY AS of_term (name, at)
      WHERE at <= 2 OR name NOT LIKE '% %'), '')), 'C')
    || to_tsvector('english', replace(document ->> 'form', '_', ' '))
    || to_tsvector('english', concat_ws(' ', document ->> 'summary', document ->> 'description'))
    AS words
FROM exported;
ALTER TABLE programs ADD PRIMARY KEY (program);

-- What is searched: one row for each way to take part, with all that is asked of it -------------------------

CREATE UNLOGGED TABLE sessions AS
SELECT row_number() OVER () ::int AS session, program, item,
  ST_Point((item #>> '{location,longitude}')::float8, (item #>> '{location,latitude}')::float8)::geography
    AS point
FROM exported, jsonb_array_elements(document -> 'sessions') AS item;

CREATE TABLE offers (
  program int NOT NULL,
  session int,
  point geography(Point),
  -- Where it reaches, for those who are far from any place of it.
  areas text[],
  -- The values that filters ask for, as field:value.
  facets text[] NOT NULL,
  -- The same by field, to be counted.
  kind text[], form text[], topic text[], audience text[], approach text[], language text[], cost text[],
  access text[], attendance text[],
  -- Who does not say for whom asks for themselves.
  for_self boolean NOT NULL,
  words tsvector NOT NULL
);
-- A hybrid session is one where it meets and another from afar.
WITH way (program, session, point, attendance) AS (
  SELECT program, session, point,
    CASE item ->> 'attendance' WHEN 'hybrid' THEN '{in_person,online,hybrid}'
      ELSE ARRAY[item ->> 'attendance'] END
  FROM sessions
  UNION ALL
  SELECT program, session, NULL, '{online,hybrid}' FROM sessions
  WHERE item ->> 'attendance' = 'hybrid' AND point IS NOT NULL
  UNION ALL
  SELECT program, NULL, NULL, CASE WHEN document -> 'kinds' ? 'local_group' THEN '{in_person}'::text[]
    ELSE '{}' END
  FROM exported WHERE document ? 'chapters' OR document -> 'sessions' = '[]'
)
INSERT INTO offers
SELECT program, session, point, CASE WHEN point IS NULL THEN areas END, ARRAY(
    SELECT field || ':' || value FROM (VALUES ('kind', kind), ('form', form), ('topic', topic),
      ('audience', audience), ('approach', approach), ('language', language), ('cost', cost),
      ('access', access), ('accepting', ARRAY[accepting]), ('attendance', way.attendance))
      AS of_field (field, list), unnest(list) AS value),
  kind, form, topic, audience, approach, language, cost, access, way.attendance, for_self, words
FROM way JOIN programs USING (program)
-- In the order of the map: what is searched together lies together.
ORDER BY ST_GeoHash(point::geometry), areas;

CREATE INDEX ON offers USING gist (point) WHERE point IS NOT NULL;
CREATE INDEX ON offers USING gin (areas) WITH (fastupdate = off) WHERE areas IS NOT NULL;
CREATE INDEX ON offers USING gin (facets) WITH (fastupdate = off);
CREATE INDEX ON offers USING gin (words) WITH (fastupdate = off);

-- When: each meeting of five weeks, which is how far the product looks for a weekday -----------------------

CREATE TABLE occurrences (session int, starts_at timestamptz, ends_at timestamptz, open_hours boolean);
WITH scheduled AS (
  SELECT session, item ->> 'form' = 'open_hours' AS open_hours, schedule ->> 'time_zone' AS zone,
    (schedule ->> 'start')::timestamp AS start,
    make_interval(mins => (schedule ->> 'duration_minutes')::int) AS length,
    schedule ->> 'rrule' AS rule,
    coalesce(substring(schedule ->> 'rrule' FROM 'INTERVAL=(\d+)'), '1')::int AS every,
    string_to_array(substring(schedule ->> 'rrule' FROM 'BYDAY=([^;]+)'), ',') AS days,
    texts(schedule -> 'exdates')::timestamp[] AS exdates, texts(schedule -> 'rdates')::timestamp[] AS rdates,
    CASE WHEN item ->> 'status' = 'active' THEN '{}' ELSE datemultirange(daterange(
      (item ->> 'status_since')::date, (item ->> 'status_until')::date, '[]')) END
    + (SELECT coalesce(range_agg(daterange((pause ->> 'from')::date, (pause ->> 'until')::date, '[]')), '{}')
      FROM jsonb_array_elements(schedule -> 'pauses') AS pause) AS pauses
  FROM sessions, LATERAL (SELECT item -> 'schedule' AS schedule) AS its WHERE item ? 'schedule'
), calendar AS (
  SELECT day::date, upper(left(to_char(day, 'Dy'), 2)) AS name,
    ceil(extract(day FROM day) / 7)::int AS nth,
    extract(month FROM day + '7 days'::interval) <> extract(month FROM day) AS is_last
  FROM generate_series(current_date - 3, current_date + 37, '1 day'::interval) AS day
), met AS (
  SELECT session, open_hours, zone, length, pauses, day + start::time AS local
  FROM scheduled JOIN calendar ON day >= start::date AND CASE
      WHEN rule LIKE 'FREQ=DAILY%' THEN true
      WHEN rule LIKE 'FREQ=WEEKLY%' THEN name = ANY (days)
        AND (day - date_trunc('week', start)::date) / 7 % every = 0
      ELSE nth || name = ANY (days) OR is_last AND '-1' || name = ANY (days) END
  WHERE day + start::time <> ALL (exdates)
  UNION
  SELECT session, open_hours, zone, length, pauses, unnest(rdates) FROM scheduled
)
INSERT INTO occurrences
SELECT session, local AT TIME ZONE zone, local AT TIME ZONE zone + length, open_hours
FROM met WHERE NOT pauses @> local::date
UNION ALL
SELECT session, '-infinity', 'infinity', true FROM sessions WHERE item ->> 'form' = 'always_open';
CREATE INDEX ON occurrences (session, starts_at) INCLUDE (ends_at, open_hours);

-- Names that are completed: each with what is left of it from each of its words on --------------------

CREATE TABLE names AS
WITH name (kind, name, programs) AS (
  SELECT 'term', name, (SELECT count(*)::int FROM offers
    WHERE terms.taxonomy = 'topic' AND facets @> ARRAY['topic:' || key]) FROM terms, unnest(names) AS name
  UNION ALL SELECT 'program', document ->> 'name', count(*)::int FROM exported GROUP BY document ->> 'name'
  UNION ALL SELECT 'organization', document #>> '{organization,name}', count(*)::int FROM exported GROUP BY 2
), word AS (SELECT kind, name, programs, string_to_array(lower(name), ' ') AS words FROM name)
SELECT kind, name, programs, array_to_string(words[at:], ' ') COLLATE "C" AS typed
FROM word, generate_subscripts(words, 1) AS at;
CREATE INDEX ON names (kind, typed);
-- Each of the words, to find the one that was meant.
CREATE TABLE spellings AS SELECT split_part(typed, ' ', 1) AS word, count(*) AS names FROM names GROUP BY 1;
CREATE INDEX ON spellings USING gin (word gin_trgm_ops);

-- What is asked, with the place as the product understands it --------------------------------------------

CREATE FUNCTION asked_for(address text, parameter text) RETURNS text IMMUTABLE
RETURN replace(substring(address FROM '[?&]' || parameter || '=([^&]*)'), '+', ' ');

CREATE TABLE questions AS
SELECT kind, row_number() OVER (PARTITION BY kind ORDER BY number)::int AS number, address,
  (document #>> '{page,total}')::int AS total,
  (place ->> 'latitude')::float8 AS latitude, (place ->> 'longitude')::float8 AS longitude,
  array_remove(ARRAY['world', place ->> 'country', place ->> 'subdivision', place ->> 'county',
      CASE WHEN place ->> 'kind' = 'postal_code'
        THEN (place ->> 'country') || ' ' || left(asked_for(address, 'near'), 3) END], NULL)
    AS areas,
  ARRAY(SELECT field || ':' || asked_for(address, field)
    FROM unnest('{topic,cost,kind,attendance,language,access,form,accepting}'::text[]) AS field
    WHERE asked_for(address, field) IS NOT NULL) AS facets,
  -- The last word may go on. What is said of everything here need not occur beside a word that says more.
  CASE WHEN kind = 'words' THEN to_tsquery('english', coalesce(
      nullif(concat_ws(' & ', VARIADIC array_remove(array_remove(array_remove(typed, 'group'), 'support'),
        'peer')), ''), array_to_string(typed, ' & ')) || ':*') END AS words,
  place ->> 'time_zone' AS zone,
  ARRAY(SELECT position(day IN 'montuewedthufrisatsun') / 3 + 1
    FROM string_to_table(asked_for(address, 'day'), ',') AS day) AS days,
  asked_for(address, 'starts_after')::time AS starts_after,
  string_to_array(asked_for(address, 'facets'), ',') AS fields,
  CASE WHEN kind = 'suggest' THEN lower(asked_for(address, 'q')) END AS typed
FROM addresses JOIN answers USING (number), LATERAL (SELECT document -> 'place' AS place,
    string_to_array(asked_for(address, 'q'), ' ') AS typed) AS given,
  LATERAL (SELECT CASE WHEN address LIKE '/v1/suggest%' THEN 'suggest' WHEN address ~ '[?&]q=' THEN 'words'
    WHEN address ~ '[?&]facets=' THEN 'facets' WHEN address ~ '[?&]day=' THEN 'times' ELSE 'filters' END
    AS kind) AS asked;
CREATE UNIQUE INDEX ON questions (kind, number);

-- How it is answered -----------------------------------------------------------------------------------

-- The stretches of the coming five weeks that are on some weekdays from a time of day on.
CREATE FUNCTION moments(zone text, days int[], starts_after time) RETURNS tstzmultirange STABLE
RETURN (SELECT range_agg(tstzrange((day::date + starts_after) AT TIME ZONE zone,
      (day + '1 day'::interval) AT TIME ZONE zone)) * tstzmultirange(tstzrange(now() - '26 h'::interval,
      now() + '35 days'::interval))
  FROM generate_series(date_trunc('day', now() AT TIME ZONE zone) - '2 days'::interval,
    now() AT TIME ZONE zone + '36 days'::interval, '1 day'::interval) AS day
  WHERE extract(isodow FROM day) = ANY (days));

-- The first page and how many there are: what meets near, as far as the first of five radii that has ten,
-- nearest first; then what reaches the place from afar. One function for each kind of question, so that
-- each has a plan of its own.
SELECT format($create$
  CREATE FUNCTION ask_%1$s(asked questions)
  RETURNS TABLE (total bigint, distance float8, program int, document text, counts jsonb) STABLE
  LANGUAGE plpgsql AS $body$
  #variable_conflict use_column
  DECLARE
    origin CONSTANT geography := ST_Point(asked.longitude, asked.latitude)::geography;
    %3$s
    radius float8;
    near int[];
    distances float8[];
  BEGIN
    FOREACH radius IN ARRAY '{25000,160000}'::float8[] LOOP
      SELECT array_agg(found.program), array_agg(found.meters) INTO near, distances FROM (
        SELECT offers.program, min(ST_Distance(point, origin)) AS meters FROM offers
        WHERE ST_DWithin(point, origin, radius) AND for_self AND %2$s
        GROUP BY offers.program ORDER BY meters) AS found;
      EXIT WHEN cardinality(near) >= 10;
    END LOOP;
    radius := coalesce((SELECT min(step) FROM unnest('{10000,25000,50000,100000}'::float8[]) AS step
      WHERE distances[10] <= step), 160000);
    near := coalesce(near[:(SELECT count(*) FROM unnest(distances) AS meters WHERE meters <= radius)], '{}');
    %4$s
    RETURN QUERY
    WITH afar AS MATERIALIZED (
      SELECT DISTINCT offers.program FROM offers
      WHERE areas && asked.areas AND for_self AND %2$s AND offers.program <> ALL (near)
    ), page (program, meters) AS (
      SELECT * FROM unnest(near[:20], distances[:20])
      UNION ALL (SELECT afar.program, NULL FROM afar LIMIT 20)
      LIMIT 20
    )
    SELECT cardinality(near) + (SELECT count(*) FROM afar), page.meters, page.program,
      documents.document, CASE WHEN row_number() OVER (ORDER BY page.meters) = 1 THEN counts END
    FROM page JOIN documents USING (program) ORDER BY page.meters;
  END $body$
$create$, kind, condition, known, before) FROM (VALUES
  ('filters', 'facets @> asked.facets', '', ''),
  ('words', 'words @@ asked.words', '', ''),
  ('times', $$facets @> asked.facets AND EXISTS (SELECT FROM occurrences
      WHERE occurrences.session = offers.session AND ends_at > now() AND CASE
        WHEN open_hours THEN tstzrange(greatest(starts_at, now()), ends_at) && moments
        ELSE starts_at <@ moments END)$$,
    'moments CONSTANT tstzmultirange := moments(asked.zone, asked.days, asked.starts_after);', ''),
  -- A facet is counted without the filter on itself: the only filter here is the topic.
  ('facets', 'facets @> asked.facets', '', $$
    WITH around AS (
      SELECT offers.program, topic FROM offers WHERE ST_DWithin(point, origin, radius) AND for_self
      UNION SELECT offers.program, topic FROM offers WHERE areas && asked.areas AND for_self
    ), counted AS (
      SELECT 'topic' AS field, value, count(*) AS programs FROM around, unnest(topic) AS value
      WHERE 'topic' = ANY (asked.fields) GROUP BY value
      UNION ALL
      SELECT field, value, count(DISTINCT offers.program) FROM offers,
        unnest(array_remove(asked.fields, 'topic')) AS field,
        unnest(CASE field WHEN 'cost' THEN cost WHEN 'kind' THEN kind WHEN 'audience' THEN audience
          WHEN 'language' THEN language WHEN 'form' THEN form WHEN 'attendance' THEN attendance
          WHEN 'access' THEN access WHEN 'approach' THEN approach END) AS value
      WHERE (ST_DWithin(point, origin, radius) OR areas && asked.areas) AND for_self
        AND facets @> asked.facets
      GROUP BY field, value
    )
    SELECT jsonb_agg(to_jsonb(counted) ORDER BY field, counted.programs DESC) INTO counts FROM counted;
  $$)) AS question (kind, condition, known, before)
\gexec

-- Five of each kind that go on as typed; when there are none, as the most similar word.
CREATE FUNCTION ask_suggest(asked questions) RETURNS TABLE (kind text, name text, programs int) STABLE
LANGUAGE plpgsql AS $$
DECLARE
  beginning text := asked.typed;
BEGIN
  FOR attempt IN 1..2 LOOP
    RETURN QUERY SELECT of_kind, found.name, found.programs
      FROM unnest('{term,program,organization}'::text[]) AS of_kind, LATERAL (
        SELECT names.name, names.programs FROM names WHERE names.kind = of_kind
          AND names.typed >= beginning AND names.typed < beginning || chr(1114111)
        ORDER BY names.typed LIMIT 5) AS found;
    EXIT WHEN FOUND;
    SELECT word INTO beginning FROM spellings WHERE asked.typed <% word
      ORDER BY asked.typed <<-> word, names DESC LIMIT 1;
  END LOOP;
END $$;

DROP TABLE exported, taxonomies, addresses, answers, sessions, programs, terms CASCADE;
VACUUM ANALYZE;
