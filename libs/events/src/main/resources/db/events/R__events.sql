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

-- Who dispatches is a matter of a lease now.
drop table if exists outbox_owner;

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

-- What the last epochs deleted, for processes whose memory is behind.
create table if not exists state_gone (
  type  integer not null,
  key   bytea   not null,
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

-- Who may do what only one process may do at a time; see io.smartnodes.events.lease. Only this
-- database's clock decides. Nothing but the name may be a key: renewals must not wait for checks.
create table if not exists unit_lease (
  name    text primary key,
  holder  uuid,
  fence   bigint      not null default 0,
  address text        not null default '',
  until   timestamptz not null default '-infinity'
);

-- The processes that share the unit's leases evenly.
create table if not exists unit_instance (
  id      uuid primary key,
  address text        not null,
  until   timestamptz not null
);
