package io.smartnodes.events.kafka.consume;

import io.netty.channel.ChannelException;
import io.smartnodes.events.lease.LeaseLost;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * Tells a database that is away, or not what we expect, from an event that cannot be processed. A
 * lease that was lost meanwhile is no fault of the event either. In doubt it is the database: an
 * event is tried again for ever then, instead of being left out.
 */
final class DatabaseTrouble {
  private static final String DATA_EXCEPTION = "22";
  private static final String CONSTRAINT_VIOLATION = "23";

  private DatabaseTrouble() {}

  static boolean isCauseOf(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (cause instanceof PgException refused) {
        return !isAboutTheData(refused.getSqlState());
      }
      if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof io.smallrye.mutiny.TimeoutException
          || cause instanceof ChannelException
          || cause instanceof VertxException
          || cause instanceof NoStackTraceThrowable
          || cause instanceof LeaseLost) {
        return true;
      }
      depth++;
    }
    return false;
  }

  private static boolean isAboutTheData(String state) {
    return state != null
        && (state.startsWith(DATA_EXCEPTION) || state.startsWith(CONSTRAINT_VIOLATION));
  }
}
