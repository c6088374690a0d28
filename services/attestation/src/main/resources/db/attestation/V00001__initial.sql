-- Juries that this validator sits in or calls, the verdicts and certificates that it knows, the
-- blocks and seeds from which juries and witnesses follow. Hashes and addresses are hexadecimal.

create table jury_session (
  receipt_hash text        primary key,
  body         bytea       not null,
  secret       text        not null,
  opened_at    timestamptz not null,
  closed       boolean     not null
);
create index jury_session_open on jury_session (opened_at) where not closed;

create table verdict (
  id           text  primary key,
  receipt_hash text  not null,
  operator     text  not null,
  body         bytea not null,
  arrived_at   timestamptz not null
);
create index verdict_receipt on verdict (receipt_hash);

create table certificate (
  id           text        primary key,
  receipt_hash text        not null,
  job          text        not null,
  outcome      integer     not null,
  body         bytea       not null,
  made_here    boolean     not null,
  known_at     timestamptz not null
);
create index certificate_receipt on certificate (receipt_hash);
create index certificate_job on certificate (job);

create table jury_call (
  receipt_hash text        primary key,
  body         bytea       not null,
  called_at    timestamptz not null,
  done         boolean     not null
);
create index jury_call_open on jury_call (called_at) where not done;

create table block (
  number       bigint      primary key,
  hash         text        not null,
  seen_at      timestamptz not null,
  confirmed_to bigint      not null
);

create table epoch_seed (
  epoch bigint primary key,
  seed  text   not null
);
