-- Reading and writing for a municipality are two roles: who only reads, as an auditor does, cannot write,
-- whatever the service asks. The one that writes is a member of the one that reads, so policies and
-- what may be read are written once, for liftwacht_municipality.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'liftwacht_municipality_writing') THEN
        BEGIN
            CREATE ROLE liftwacht_municipality_writing NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was faster
        END;
    END IF;
END
$$;
GRANT liftwacht_municipality TO liftwacht_municipality_writing WITH INHERIT TRUE;
GRANT liftwacht_municipality_writing TO liftwacht_api WITH INHERIT FALSE;

DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT format('%I', table_name) AS target, privilege_type AS what, NULL AS columns
        FROM information_schema.table_privileges
        WHERE grantee = 'liftwacht_municipality' AND table_schema = 'public'
          AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
        UNION ALL
        SELECT format('%I', relname), acl.privilege_type,
               string_agg(format('%I', attname), ', ')
        FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        CROSS JOIN aclexplode(attacl) AS acl
        WHERE relnamespace = 'public'::regnamespace
          AND acl.grantee = 'liftwacht_municipality'::regrole
          AND acl.privilege_type IN ('INSERT', 'UPDATE')
        GROUP BY 1, 2
    LOOP
        EXECUTE format('GRANT %s %s ON %s TO liftwacht_municipality_writing',
                       found.what, '(' || found.columns || ')', found.target);
        EXECUTE format('REVOKE %s %s ON %s FROM liftwacht_municipality',
                       found.what, '(' || found.columns || ')', found.target);
    END LOOP;
END
$$;

-- Whether it is somebody of a municipality who asks, for views that show a municipality less.
CREATE FUNCTION is_municipality() RETURNS boolean LANGUAGE sql STABLE
RETURN current_user IN ('liftwacht_municipality', 'liftwacht_municipality_writing');

DO $$
DECLARE
    name text;
    definition text;
BEGIN
    FOR name, definition IN
        SELECT viewname, pg_views.definition FROM pg_views
        WHERE schemaname = 'public' AND strpos(pg_views.definition, $q$'liftwacht_municipality'$q$) > 0
    LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', name, replace(
            definition, $q$CURRENT_USER <> 'liftwacht_municipality'::name$q$, 'NOT is_municipality()'));
    END LOOP;
END
$$;
