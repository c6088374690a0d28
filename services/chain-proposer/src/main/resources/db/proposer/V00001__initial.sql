-- What the node key has signed: one row per purpose and place, written before the signature.
create table guard (
  purpose text   not null,
  key     text   not null,
  digest  text   not null,
  mark    bigint not null default 0,
  primary key (purpose, key)
);
-- How many batches were signed; the same number stands in a file outside the database.
create table guard_batches (
  one   smallint primary key default 1 check (one = 1),
  value bigint not null
);
insert into guard_batches (value) values (0);

-- Items for the next bodies.
create table pool_item (
  hash    text        primary key,
  kind    smallint    not null,
  payload bytea       not null,
  own     boolean     not null,
  strikes integer     not null default 0,
  seen_at timestamptz not null default now()
);

-- Proposals by digest, ours and those of others; the body comes later than the announcement.
create table proposal (
  digest    text    primary key,
  epoch     bigint  not null,
  payload   bytea   not null,
  body      bytea,
  effective integer
);
create index proposal_epoch on proposal (epoch);

create table vote (
  epoch     bigint  not null,
  round     integer not null,
  operator  text    not null,
  digest    text    not null,
  signature text    not null,
  primary key (epoch, round, operator)
);

create table refusal (
  epoch  bigint  not null,
  digest text    not null,
  round  integer not null,
  item   text    not null,
  reason text    not null,
  primary key (epoch, digest)
);

-- Executions at confirmation depth; published once the body is here.
create table execution (
  epoch        bigint  primary key,
  round        integer not null,
  digest       text    not null,
  body_hash    text    not null,
  seed         text    not null,
  bitmap       text    not null,
  inbox_count  bigint  not null,
  as_of        bigint  not null,
  transaction  text    not null,
  block_number bigint  not null,
  gas_used     bigint  not null,
  published    boolean not null default false
);

create table inbox_item (
  index      bigint primary key,
  payload    bytea  not null,
  inbox_hash text   not null
);

create table chain_position (
  one       smallint primary key default 1 check (one = 1),
  confirmed bigint not null
);

create table open_transaction (
  account text   primary key,
  nonce   bigint not null,
  hash    text   not null,
  signed  text   not null
);
