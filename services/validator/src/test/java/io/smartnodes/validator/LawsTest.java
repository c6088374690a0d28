package io.smartnodes.validator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The laws of the layout, over everything that is in this process. */
class LawsTest {
  private static final List<String> SERVICES =
      List.of("registry", "router", "attestation", "ledger", "proposer");
  private static final int LONGEST_CLASS = 300;
  private static final int LARGEST_PACKAGE = 15;
  private static final Set<String> FLOATING =
      Set.of("float", "double", "java.lang.Float", "java.lang.Double");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/io/smartnodes/proto/"))
          .importPackages("io.smartnodes");

  @Test
  void theFiveServicesNeverImportEachOther() {
    for (String service : SERVICES) {
      String[] others =
          SERVICES.stream()
              .filter(other -> !other.equals(service))
              .map(other -> "io.smartnodes." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.smartnodes." + service + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(CLASSES);
    }
  }

  @Test
  void theRulesKnowNoFrameworkNoSerialisationAndNoChainClient() {
    noClasses()
        .that()
        .resideInAPackage("io.smartnodes.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.smallrye..",
            "io.vertx..",
            "jakarta..",
            "com.google.protobuf..",
            "io.grpc..",
            "com.fasterxml..",
            "org.web3j..")
        .check(CLASSES);
  }

  @Test
  void theRulesCountInIntegers() {
    DescribedPredicate<JavaClass> floating =
        DescribedPredicate.describe(
            "floating point", type -> FLOATING.contains(type.getFullName()));
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.smartnodes.protocol..")
        .should()
        .haveRawType(floating)
        .check(CLASSES);
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.smartnodes.protocol..")
        .should()
        .haveRawReturnType(floating)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.smartnodes.protocol..")
        .should()
        .dependOnClassesThat(floating)
        .check(CLASSES);
  }

  @Test
  void transactionsAreOpenedByTxAlone() {
    DescribedPredicate<JavaAccess<?>> around =
        DescribedPredicate.describe(
            "ways around Tx", access -> goesAroundTx(access.getTargetOwner(), access.getName()));
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.smartnodes.quarkus.Tx")
        .should()
        .accessTargetWhere(around)
        .check(CLASSES);
    noMethods()
        .should()
        .beAnnotatedWith("io.quarkus.hibernate.reactive.panache.common.WithTransaction")
        .orShould()
        .beAnnotatedWith("io.quarkus.hibernate.reactive.panache.common.WithSession")
        .orShould()
        .beAnnotatedWith("jakarta.transaction.Transactional")
        .check(CLASSES);
  }

  private static boolean goesAroundTx(JavaClass owner, String method) {
    return switch (owner.getFullName()) {
      case "io.quarkus.hibernate.reactive.panache.Panache" -> method.startsWith("with");
      case "io.smallrye.mutiny.Uni" -> method.equals("combine") || method.equals("join");
      default -> false;
    };
  }

  @Test
  void onlyTheChainLibraryAndTheProposerTalkToTheChain() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.smartnodes.chain..", "io.smartnodes.proposer..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.web3j..")
        .check(CLASSES);
  }

  @Test
  void noSettingStandsInTwoJars() throws IOException {
    Map<String, List<String>> places = new HashMap<>();
    ClassLoader loader = LawsTest.class.getClassLoader();
    for (URL file :
        Collections.list(loader.getResources("META-INF/microprofile-config.properties"))) {
      if (file.toString().contains("smartnodes")) {
        Properties properties = new Properties();
        try (InputStream in = file.openStream()) {
          properties.load(in);
        }
        properties
            .stringPropertyNames()
            .forEach(
                key -> places.computeIfAbsent(key, k -> new ArrayList<>()).add(file.toString()));
      }
    }
    places.remove("config_ordinal");

    assertThat(places).isNotEmpty();
    assertThat(places.entrySet().stream().filter(place -> place.getValue().size() > 1)).isEmpty();
  }

  @Test
  void theServicesBringNoApplicationPropertiesOfTheirOwn() throws IOException {
    for (Path module : modules()) {
      if (!module.endsWith("validator")) {
        assertThat(module.resolve("src/main/resources/application.properties")).doesNotExist();
      }
    }
  }

  @Test
  void classesAndPackagesStaySmall() throws IOException {
    List<String> tooLarge = new ArrayList<>();
    Map<Path, Long> files =
        sources()
            .filter(source -> !source.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    files.forEach((directory, count) -> {
      if (count > LARGEST_PACKAGE) {
        tooLarge.add(directory + ": " + count + " files");
      }
    });
    sources()
        .forEach(source -> {
          long lines = lines(source);
          if (lines > LONGEST_CLASS) {
            tooLarge.add(source + ": " + lines + " lines");
          }
        });

    assertThat(tooLarge).isEmpty();
  }

  private static Stream<Path> sources() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path module : modules()) {
      Path main = module.resolve("src/main/java");
      if (Files.isDirectory(main)) {
        try (Stream<Path> files = Files.walk(main)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
        }
      }
    }
    return all.stream();
  }

  private static List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>();
    for (String group : List.of("libs", "services", "clients")) {
      try (Stream<Path> found = Files.list(root().resolve(group))) {
        found.filter(module -> Files.exists(module.resolve("pom.xml"))).forEach(modules::add);
      }
    }
    return modules;
  }

  private static Path root() {
    return Path.of(System.getProperty("smartnodes.root", "../.."));
  }

  private static long lines(Path source) {
    try (Stream<String> lines = Files.lines(source)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
