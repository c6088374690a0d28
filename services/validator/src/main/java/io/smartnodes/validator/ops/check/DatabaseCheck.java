package io.smartnodes.validator.ops.check;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postgresql.ds.PGSimpleDataSource;

/** The database: reachable, new enough, and ours to make the schemas in. */
record DatabaseCheck(Settings settings) {
  private static final String AREA = "database";
  private static final int OLDEST = 15;

  /** Units with the same user and password are asked for once. */
  private record Access(String user, String password) {}

  void run() {
    if (settings.need(AREA, Databases.URL).isEmpty()) {
      return;
    }
    Map<Access, List<String>> units = new LinkedHashMap<>();
    for (String unit : Databases.UNITS) {
      PGSimpleDataSource source = source(unit);
      String user = Objects.requireNonNullElse(source.getUser(), "");
      String password = Objects.requireNonNullElse(source.getPassword(), "");
      if (user.isEmpty() || password.isEmpty()) {
        String key = user.isEmpty() ? Databases.userKey(unit) : Databases.passwordKey(unit);
        settings.problem(
            AREA, key + " is not set: is the secret of the database of " + unit + " there?");
      } else {
        units.computeIfAbsent(new Access(user, password), access -> new ArrayList<>()).add(unit);
      }
    }
    units.forEach(this::check);
  }

  private PGSimpleDataSource source(String unit) {
    return Databases.source(settings.config(), unit);
  }

  private void check(Access access, List<String> units) {
    PGSimpleDataSource source = source(units.getFirst());
    try (Connection connection = source.getConnection()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST) {
        settings.problem(
            AREA, "PostgreSQL " + version + " is too old: " + OLDEST + " or newer is needed");
      }
      for (String unit : units) {
        privileges(connection, access.user(), unit);
      }
    } catch (SQLException e) {
      settings.problem(AREA, refused(source, access, units, e));
    }
  }

  private void privileges(Connection connection, String user, String schema) throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement(
            """
            select case when exists (select from pg_namespace where nspname = ?)
              then has_schema_privilege(?, 'CREATE') and has_schema_privilege(?, 'USAGE')
              else has_database_privilege(current_database(), 'CREATE') end,
              exists (select from pg_namespace where nspname = ?)
            """)) {
      for (int i = 1; i <= 4; i++) {
        ask.setString(i, schema);
      }
      try (ResultSet answer = ask.executeQuery()) {
        answer.next();
        if (!answer.getBoolean(1)) {
          settings.problem(
              AREA,
              answer.getBoolean(2)
                  ? "user %s may not use the schema %s: make it its owner"
                      .formatted(quoted(user), quoted(schema))
                  : "user %s may not make the schema %s: grant create on database %s to it"
                      .formatted(quoted(user), quoted(schema), quoted(connection.getCatalog())));
        }
      }
    }
  }

  private static String refused(
      PGSimpleDataSource source, Access access, List<String> units, SQLException e) {
    String of = " (for " + String.join(", ", units) + ")";
    return switch (Objects.requireNonNullElse(e.getSQLState(), "")) {
      case "28P01" -> "the database refuses the password of user " + quoted(access.user()) + of;
      case "28000" -> "the database refuses user " + quoted(access.user()) + of + ": " + said(e);
      case "3D000" ->
          "there is no database "
              + quoted(Objects.requireNonNullElse(source.getDatabaseName(), ""))
              + " at "
              + address(source);
      case "08001", "08004", "08006" ->
          "no database answers at " + address(source) + ": " + said(e);
      default -> "the database at " + address(source) + ": " + said(e);
    };
  }

  private static String address(PGSimpleDataSource source) {
    return String.join(",", source.getServerNames()) + ":" + source.getPortNumbers()[0];
  }

  private static String said(SQLException e) {
    return Settings.reason(e).replaceFirst("^FATAL: ", "");
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
