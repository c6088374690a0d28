create table row_a (name text primary key, value integer not null);
