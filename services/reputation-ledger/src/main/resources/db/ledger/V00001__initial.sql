-- The ledger of epochs, from which the state is rebuilt bit for bit; epochs that are executed but
-- not applied yet; the hashes of blocks, which draw juries. Hashes are hexadecimal.

create table epoch_entry (
  epoch      bigint      primary key,
  -- EpochExecuted as it came: body, inbox, update, seed; empty for genesis.
  payload    bytea       not null,
  state_root text        not null,
  seed       text        not null,
  digest     text        not null,
  -- keccak256(entry hash of the epoch before, keccak256(payload)); for genesis its root.
  entry_hash text        not null,
  applied_at timestamptz not null
);

create function epoch_entry_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger of epochs is append-only';
end
$$;

create trigger epoch_entry_append_only before update or delete on epoch_entry
  for each row execute function epoch_entry_is_append_only();

create table executed_epoch (
  epoch   bigint primary key,
  payload bytea  not null
);

create table block (
  number bigint primary key,
  hash   text   not null
);

create table chain_head (
  one       smallint primary key default 1 check (one = 1),
  confirmed bigint   not null
);
