package io.smartnodes.acceptance.cluster;

import io.smartnodes.acceptance.cluster.kube.Containers;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.report.ClusterPart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at the pods from time to time: how long they took to start, and what they used. */
final class PodTimes implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Map<String, ClusterPart.PodPart> seen = new LinkedHashMap<>();
  private Thread thread = Thread.ofVirtual().unstarted(() -> {});
  private Runnable look = () -> {};

  /** Starts to look. */
  PodTimes watch(Release release) {
    look = () -> release.pods().forEach(this::note);
    thread =
        Thread.ofVirtual()
            .name("pod-times")
            .start(() -> {
              try {
                while (true) {
                  sample();
                  Thread.sleep(PERIOD);
                }
              } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
              }
            });
    return this;
  }

  /** Looks once. */
  void sample() {
    try {
      look.run();
    } catch (IllegalStateException unanswered) {
      // The cluster is busy, or has no such namespace yet: it is asked again soon.
      Thread.onSpinWait();
    }
  }

  private synchronized void note(Kube.Pod pod) {
    Instant ready = pod.readySince();
    ClusterPart.PodPart before = seen.get(pod.uid());
    long start = before == null ? 0 : before.startMillis();
    if (start == 0 && ready != null) {
      start = Duration.between(pod.created(), ready).toMillis();
    }
    Containers.Usage usage =
        Containers.usage(pod)
            .orElseGet(() ->
                before == null
                    ? new Containers.Usage(0, 0)
                    : new Containers.Usage(before.cpuSeconds(), before.peakMemoryMiB()));
    seen.put(
        pod.uid(),
        new ClusterPart.PodPart(
            pod.name(), start, pod.restarts(), usage.cpuSeconds(), usage.peakMemoryMiB()));
  }

  /** All pods that were seen, those that are gone included. */
  synchronized List<ClusterPart.PodPart> all() {
    return new ArrayList<>(seen.values());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
