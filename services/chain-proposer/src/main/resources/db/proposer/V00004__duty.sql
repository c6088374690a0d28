-- The term (fence of the lease) whose process compared the counted batches with its mark, and which
-- mark that was. Instances that stand by follow the count only while such a term lasts.
create table guard_compared (
  one   smallint primary key default 1 check (one = 1),
  fence bigint not null,
  mark  text   not null
);
insert into guard_compared (fence, mark) values (0, '');
