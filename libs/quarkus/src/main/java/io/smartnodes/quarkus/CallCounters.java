package io.smartnodes.quarkus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.link.calls.RefusedCalls;
import io.smartnodes.proto.errors.v1.ErrorCode;
import jakarta.inject.Singleton;

/** Counts refused calls as {@value #REFUSED}, with method and code. */
@Singleton
public class CallCounters implements RefusedCalls {
  /** Name of the counter; Prometheus shows {@code smartnodes_calls_refused_total}. */
  public static final String REFUSED = "smartnodes.calls.refused";

  private final MeterRegistry registry;

  /** Called by the container. */
  public CallCounters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void refused(String method, ErrorCode code) {
    // Only registered methods get here, so the label has a bounded number of values.
    Counter.builder(REFUSED)
        .description("Calls refused before they reached their method")
        .tag("method", method)
        .tag("code", code.name())
        .register(registry)
        .increment();
  }
}
