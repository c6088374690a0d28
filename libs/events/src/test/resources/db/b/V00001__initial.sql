create table row_b (name text primary key, value integer not null);
