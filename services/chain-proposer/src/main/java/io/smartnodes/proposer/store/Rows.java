package io.smartnodes.proposer.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** Native statements of the current transaction, with parameters by name. */
public final class Rows {
  /** The persistence unit, datasource and schema. */
  public static final String UNIT = "proposer";

  private Rows() {}

  /** Runs a statement; how many rows it touched. */
  public static Uni<Integer> execute(String sql, Map<String, ?> parameters) {
    Mutiny.Query<Object> query = Tx.current().session().createNativeQuery(sql);
    for (Map.Entry<String, ?> parameter : parameters.entrySet()) {
      query.setParameter(parameter.getKey(), parameter.getValue());
    }
    return query.executeUpdate();
  }

  /** Reads rows of several columns. */
  public static <T> Uni<List<T>> list(
      String sql, Map<String, ?> parameters, Function<Columns, T> read) {
    Mutiny.SelectionQuery<Object[]> query =
        Tx.current().session().createNativeQuery(sql, Object[].class);
    for (Map.Entry<String, ?> parameter : parameters.entrySet()) {
      query.setParameter(parameter.getKey(), parameter.getValue());
    }
    return query
        .getResultList()
        .map(rows -> rows.stream().map(row -> read.apply(new Columns(row))).toList());
  }

  /** The columns of a row, from 0. */
  public static final class Columns {
    private final Object[] values;

    Columns(Object[] values) {
      this.values = values;
    }

    /** Whether a column is null. */
    public boolean isNull(int index) {
      return values[index] == null;
    }

    /** A text. */
    public String text(int index) {
      return (String) values[index];
    }

    /** A number. */
    public long number(int index) {
      return ((Number) values[index]).longValue();
    }

    /** A message whose bytes were selected by {@code encode(column, 'hex')}. */
    public <M extends Message> M message(int index, Parser<M> parser) {
      try {
        return parser.parseFrom(HexFormat.of().parseHex(text(index)));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("a stored message cannot be read", e);
      }
    }
  }
}
