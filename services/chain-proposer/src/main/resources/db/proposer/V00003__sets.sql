-- The set after a proposal that changes it: node address and operator per validator, hexadecimal.
alter table proposal add column next_set text;

-- The kind of an inbox item (InboxKind): escapes order the bodies after them to be empty.
alter table inbox_item add column kind smallint not null default 0;
create index inbox_item_kind on inbox_item (kind, index);

-- What was acknowledged within one lease: never another receipt, also not in place of a voided one.
create table acknowledged (
  job    text   not null,
  lease  bigint not null,
  unit   bigint not null,
  digest text   not null,
  primary key (job, lease, unit)
);
