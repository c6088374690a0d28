-- Outbox, inbox and the view of the replicated state, in the schema of each service that has them.
-- A repeatable migration: it must stay idempotent, and changes only add.

create table if not exists outbox_event (
  id         bigint generated always as identity primary key,
  event_id   uuid        not null unique,
  topic      text        not null,
  key        text        not null,
  type       text        not null,
  payload    bytea       not null,
  created_at timestamptz not null default now()
);

-- The process that may dispatch: whoever started last.
create table if not exists outbox_owner (
  one    smallint primary key default 1 check (one = 1),
  holder uuid        not null,
  since  timestamptz not null default now()
);

create table if not exists inbox_event (
  consumer     text        not null,
  event_id     uuid        not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index if not exists inbox_event_processed_at on inbox_event (processed_at);

create table if not exists state_head (
  one        smallint primary key default 1 check (one = 1),
  epoch      bigint not null,
  state_root bytea  not null,
  seed       bytea  not null,
  as_of      bigint not null
);

create table if not exists state_leaf (
  type  integer not null,
  key   bytea   not null,
  body  bytea   not null,
  epoch bigint  not null,
  primary key (type, key)
);

-- Parts of a large change, until the last one is here.
create table if not exists state_part (
  epoch   bigint  not null,
  part    integer not null,
  payload bytea   not null,
  primary key (epoch, part)
);
