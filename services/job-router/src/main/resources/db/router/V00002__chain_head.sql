-- The newest block, for instances that a signal did not reach.

create table chain_head (
  one    smallint primary key check (one = 1),
  number bigint   not null
);
