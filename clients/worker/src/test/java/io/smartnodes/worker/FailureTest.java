package io.smartnodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.wire.Fields;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void aReasonOfManyLongLinesFitsIntoAHeartbeat() {
    String reason =
        new LeaseWork.Failure("unit 3:\n\tat a place\u0007 " + "x".repeat(1_000), false).reason();
    assertThat(Fields.text(reason, "reason")).startsWith("unit 3: at a place ").endsWith("…");
  }

  @Test
  void aShortReasonStaysAsItIs() {
    assertThat(new LeaseWork.Failure("no witness answered", true).reason())
        .isEqualTo("no witness answered");
  }
}
