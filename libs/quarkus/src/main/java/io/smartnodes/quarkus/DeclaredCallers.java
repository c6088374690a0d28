package io.smartnodes.quarkus;

import io.grpc.BindableService;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.link.calls.Callers;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;

/** Fails the start if a method of any service declares no callers. */
@ApplicationScoped
public class DeclaredCallers {
  void check(@Observes @Priority(10) StartupEvent start, @Any Instance<BindableService> services) {
    services.forEach(service ->
        Callers.undeclared(service.bindService())
            .ifPresent(method -> {
              throw new IllegalStateException(method + " declares no callers in its proto");
            }));
  }
}
