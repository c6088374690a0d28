-- Records of the DHT, one per author and kind. Our own stays after its end: its sequence must grow.
create table dht_record (
  author      bytea       not null,
  kind        integer     not null,
  key         bytea       not null,
  sequence    bigint      not null,
  hash        bytea       not null,
  expiry      timestamptz not null,
  refreshed_at timestamptz not null,
  payload     bytea       not null,
  primary key (author, kind)
);
create index dht_record_key on dht_record (key);
create index dht_record_expiry on dht_record (expiry);
create index dht_record_refreshed_at on dht_record (refreshed_at);

-- Registrations that we introduced, the newest of each account.
create table introduction (
  account       bytea       primary key,
  node          bytea       not null,
  sequence      bigint      not null,
  hash          bytea       not null,
  introduced_at timestamptz not null
);
create index introduction_node on introduction (node);
