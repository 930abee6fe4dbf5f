package dev.clerkmcp.sandbox.openapi;

import dev.clerkmcp.Golden;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Compares the contract in the jar with Clerk's own file. */
final class ApiContractTest {
  @Test
  @EnabledIfSystemProperty(named = "clerk.openapi", matches = ".+")
  void contractMatchesClerksFile() throws IOException {
    Golden.assertMatches(
        Path.of("src/main/resources/dev/clerkmcp/sandbox/contract.jsonl"),
        ContractFile.read(Path.of(System.getProperty("clerk.openapi"))));
  }
}
