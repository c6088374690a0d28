-- No hold is signed before this epoch is executed; kept, so that another start does not forget it.
create table guard_fence (
  one   smallint primary key default 1 check (one = 1),
  epoch bigint not null
);
insert into guard_fence (epoch) values (0);
