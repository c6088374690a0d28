-- Until when an acknowledgement keeps other receipts away from its units. Of earlier ones it is not
-- known: they stay.

alter table ack add column draw_height bigint not null default 9223372036854775000;
