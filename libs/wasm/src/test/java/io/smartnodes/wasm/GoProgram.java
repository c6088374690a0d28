package io.smartnodes.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An unmodified Go program, built where Go is installed. */
final class GoProgram {
  private static final String SOURCE =
      """
      package main

      import (
      	"crypto/rand"
      	"fmt"
      	"io"
      	"os"
      	"sort"
      	"strings"
      	"sync"
      	"time"
      )

      func main() {
      	input, err := io.ReadAll(os.Stdin)
      	if err != nil {
      		os.Exit(3)
      	}
      	var wait sync.WaitGroup
      	counts := map[string]int{}
      	var lock sync.Mutex
      	for i := 0; i < 8; i++ {
      		wait.Add(1)
      		go func() {
      			defer wait.Done()
      			time.Sleep(time.Millisecond)
      			lock.Lock()
      			defer lock.Unlock()
      			counts[fmt.Sprint(i%3)]++
      		}()
      	}
      	wait.Wait()
      	keys := []string{}
      	for k, n := range counts {
      		keys = append(keys, fmt.Sprint(k, "=", n))
      	}
      	sort.Strings(keys)
      	secret := make([]byte, 4)
      	rand.Read(secret)
      	fmt.Println(strings.ToUpper(string(input)), time.Now().UTC().Format(time.RFC3339), keys, secret)
      }
      """;

  private GoProgram() {}

  /** The module; empty when there is no Go, or it does not build here. */
  static Optional<byte[]> build(Path directory) throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("unit.go"), SOURCE);
    Path wasm = directory.resolve("unit.wasm");
    ProcessBuilder go =
        new ProcessBuilder("go", "build", "-o", wasm.toString(), source.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("go.log").toFile());
    go.environment().putAll(Map.of("GOOS", "wasip1", "GOARCH", "wasm"));
    Process process;
    try {
      process = go.start();
    } catch (IOException noGo) {
      return Optional.empty();
    }
    boolean built = process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
    return built ? Optional.of(Files.readAllBytes(wasm)) : Optional.empty();
  }
}
