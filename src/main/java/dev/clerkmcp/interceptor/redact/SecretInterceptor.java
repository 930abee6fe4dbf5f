package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Replaces credentials in answers by fingerprints, and stores those that people need in a file that
 * only its owner can read. Errors do not quote secrets that were sent either.
 */
public final class SecretInterceptor implements ToolInterceptor {
  private final SecretStore folder;
  private final boolean reveal;

  /**
   * Prepares the interceptor.
   *
   * @param folder stores the credentials that people need
   * @param reveal whether answers show credentials; errors never quote those that were sent
   */
  public SecretInterceptor(SecretStore folder, boolean reveal) {
    this.folder = folder;
    this.reveal = reveal;
  }

  @Override
  public JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
    boolean changes = !operation.effect().readOnly();
    if (changes && operation.run().isRehearsed()) {
      return next.get(); // nothing is sent, so nothing is answered
    }
    Secret secret = operation.secret();
    boolean kept = !reveal && secret != null && secret.kept();
    if (kept && changes) {
      checkFolder(operation.run());
    }
    JsonNode answer = answer(operation, next);
    if (reveal) {
      return answer;
    }
    List<String> declared = secret == null ? List.of() : List.of(secret.value());
    // A composed tool may send back what it read; a fingerprint would then overwrite the secret.
    // Its
    // own answer is masked at the end.
    SecretRedactor mask =
        isComposed(operation.run())
            ? SecretRedactor.ofDeclared(declared)
            : SecretRedactor.ofAll(declared);
    JsonNode masked = mask.mask(answer);
    if (kept && !mask.found().isEmpty()) {
      new StoredSecrets.StoredSecret(operation, answer, mask.found()).keepIn(folder);
      if (operation.run().isElsewhere()) { // that part of a call does not pass tool() below
        tellOfKept(operation.run());
      }
    }
    return masked;
  }

  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    try {
      JsonNode result = next.get();
      return reveal || !isComposed(run) || run.tool().isDoor()
          ? result
          : SecretRedactor.ofAll(List.of()).mask(result);
    } finally { // a secret may have been stored before something failed
      tellOfKept(run);
    }
  }

  private static void tellOfKept(ToolCallContext run) {
    run.finding(StoredSecrets.class, StoredSecrets::new).tell(run.invocation()::note);
  }

  @Override
  public ToolResult result(ToolResult result) {
    if (reveal) {
      return result;
    }
    String json = PartialResult.in(result, SecretRedactor.ofAll(List.of())::mask);
    List<String> notes = new ArrayList<>();
    result.notes().forEach(note -> notes.add(CredentialText.masked(note)));
    return result.with(CredentialText.masked(json), notes);
  }

  private void checkFolder(ToolCallContext run) {
    try {
      folder.prepare();
    } catch (IOException e) {
      throw new RefusedException(
          "secrets_folder_unwritable",
          "%s answers a credential, and the folder for it, %s, %s."
              .formatted(run.tool().name(), folder.path(), e.getMessage()),
          "Nothing was sent. A person must set "
              + Setting.SECRETS_DIR
              + " to a folder of their own that nobody else can write, and restart the server.");
    }
  }

  private static JsonNode answer(ClerkRequest operation, Supplier<JsonNode> next) {
    try {
      return next.get();
    } catch (ClerkException e) {
      throw e.withReasons(SecretArguments.of(operation)::removedFrom);
    }
  }

  private static boolean isComposed(ToolCallContext run) {
    return run.tool().endpoint() == null;
  }
}
