package dev.clerkmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Tests that scanners find the libraries in the jar, so that known holes in them are reported. */
final class JarIT {
  private static final String JACKSON =
      "META-INF/maven/com.fasterxml.jackson.core/jackson-databind/pom.properties";
  private static final String BILL = "META-INF/sbom/clerk-mcp.cdx.json";

  @Test
  void librariesKeepTheirCoordinates() throws IOException {
    assertThat(read(JACKSON)).contains("artifactId=jackson-databind", "version=");
  }

  @Test
  void billOfMaterialsNamesTheLibraries() throws IOException {
    assumeTrue(
        Files.exists(Path.of("target/classes", BILL)), "Maven makes none while it is offline");
    JsonNode bill = Json.read(read(BILL));
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.path("components").findValuesAsText("name"))
        .contains("jackson-databind", "mcp-core", "picocli")
        .doesNotContain("assertj-core");
    assertThat(bill.path("components")).allMatch(library -> library.hasNonNull("version"));
  }

  private static String read(String name) throws IOException {
    try (ZipFile jar = new ZipFile(System.getProperty("clerk-mcp.jar"))) {
      var entry = jar.getEntry(name);
      assertThat(entry).as(name).isNotNull();
      try (var in = jar.getInputStream(entry)) {
        return new String(in.readAllBytes(), UTF_8);
      }
    }
  }
}
