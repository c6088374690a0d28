package io.smartnodes.events.kafka.consume;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the broker answered in the last thirty seconds and has the topics, every consumer is a
 * member of its group, and none waits for its database.
 */
@Readiness
@ApplicationScoped
public class EventsReadiness implements HealthCheck {
  private final ConsumerLoops loops;

  /** Called by the container. */
  public EventsReadiness(ConsumerLoops loops) {
    this.loops = loops;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("events").up();
    loops.watch().ifPresent(watch -> tell(answer, watch));
    return answer.build();
  }

  private void tell(HealthCheckResponseBuilder answer, BrokerWatch watch) {
    List<String> outside =
        loops.loops().stream().filter(loop -> !loop.hasJoined()).map(ConsumerLoop::name).toList();
    List<String> troubled =
        loops.loops().stream().filter(ConsumerLoop::isTroubled).map(ConsumerLoop::name).toList();
    answer.withData("kafka", watch.isReachable() ? "answers" : "does not answer");
    if (!watch.missing().isEmpty()) {
      answer.withData("missing topics", String.join(" ", watch.missing()));
    }
    if (!outside.isEmpty()) {
      answer.withData("not in their group yet", String.join(" ", outside));
    }
    if (!troubled.isEmpty()) {
      answer.withData("waiting for the database", String.join(" ", troubled));
    }
    answer.status(
        watch.isReachable()
            && watch.missing().isEmpty()
            && outside.isEmpty()
            && troubled.isEmpty());
  }
}
