package io.smartnodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastPortTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path home;

  @Test
  void aWorkerComesBackWhereItWasUnlessSomebodyElseIsThere() throws IOException {
    WorkerMain.LastPort port = new WorkerMain.LastPort(home);
    assertThat(port.ifFree(HOST)).as("the first start").isZero();

    int taken;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      taken = other.getLocalPort();
      port.keep(taken);
      assertThat(port.ifFree(HOST)).isZero();
    }
    assertThat(new WorkerMain.LastPort(home).ifFree(HOST)).isEqualTo(taken);
  }

  @Test
  void whatIsNoPortIsForgotten() throws IOException {
    Files.writeString(home.resolve("port"), "70000");
    assertThat(new WorkerMain.LastPort(home).ifFree(HOST)).isZero();
    Files.writeString(home.resolve("port"), "");
    assertThat(new WorkerMain.LastPort(home).ifFree(HOST)).isZero();
  }
}
