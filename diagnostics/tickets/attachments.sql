-- name: insert_attachment
-- Stores a file.
INSERT INTO attachment (
    ticket_id, name, media_type, sha256, bytes, content, attached_at, actor
) VALUES (
    %(ticket_id)s, %(name)s, %(media_type)s, %(sha256)s, %(bytes)s, %(content)s, %(now)s, %(actor)s
)
RETURNING attachment_id;

-- name: attachments
-- The files of a ticket, without their content.
SELECT attachment_id, ticket_id, name, media_type, sha256, bytes FROM attachment
WHERE ticket_id = %(ticket_id)s
ORDER BY attachment_id;

-- name: content
-- A file with its content.
SELECT attachment_id, ticket_id, name, media_type, sha256, bytes, content FROM attachment
WHERE ticket_id = %(ticket_id)s AND attachment_id = %(attachment_id)s;
