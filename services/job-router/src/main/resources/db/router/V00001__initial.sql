-- Jobs of this home, their leases and events; what this validator acknowledged as a witness; the
-- certificates it has seen; the seeds of executed epochs. Hashes and addresses are hexadecimal.

create table job (
  id             text        primary key,
  spec           bytea       not null,
  user_signature bytea       not null,
  account        text        not null,
  asset          text        not null,
  nonce          bigint      not null,
  state          integer     not null,
  reason         text        not null,
  hold_epoch     bigint      not null,
  hold_signature bytea,
  anchored       boolean     not null,
  events         bigint      not null,
  settled        bigint      not null,
  done           boolean     not null,
  created_at     timestamptz not null,
  unique (account, nonce)
);
create index job_live on job (id) where not done;

create table lease (
  id             text        primary key,
  job            text        not null references job (id),
  number         bigint      not null,
  body           bytea       not null,
  home_signature bytea,
  state          integer     not null,
  peer           text        not null,
  endpoint       bytea       not null,
  granted_at     timestamptz not null,
  receipt_hash   text,
  receipt        bytea,
  certificate    bytea,
  unique (job, number)
);

create table job_event (
  id       text   primary key,
  job      text   not null references job (id),
  sequence bigint not null,
  body     bytea  not null,
  unique (job, sequence)
);

create table ack (
  receipt_hash text   primary key,
  job          text   not null,
  lease        bigint not null,
  first_unit   bigint not null,
  unit_count   bigint not null,
  signature    bytea
);
create index ack_job on ack (job);

create table certificate (
  id           text    primary key,
  receipt_hash text    not null,
  job          text    not null,
  worker       text    not null,
  outcome      integer not null,
  body         bytea   not null
);
create index certificate_job on certificate (job);
create index certificate_outcome on certificate (outcome);

create table epoch_seed (
  epoch bigint primary key,
  seed  text   not null
);
