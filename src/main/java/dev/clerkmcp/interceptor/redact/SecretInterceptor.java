package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ResultFilter;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces credentials in answers by fingerprints, and stores those that people need in a file that
 * only its owner can read. Errors do not quote secrets that were sent either.
 */
public final class SecretInterceptor implements ToolInterceptor, RequestInterceptor, ResultFilter {
  private final SecretStore store;
  private final boolean reveal;

  /**
   * Prepares to mask.
   *
   * @param store keeps the credentials that people need
   * @param reveal whether answers show credentials; errors never quote those that were sent
   */
  public SecretInterceptor(SecretStore store, boolean reveal) {
    this.store = store;
    this.reveal = reveal;
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    boolean changes = !request.effect().readOnly();
    if (changes && request.context().isPlanning()) {
      return chain.proceed(); // nothing is sent, so there is no answer
    }
    Secret secret = request.secret();
    boolean kept = !reveal && secret != null && secret.kept();
    if (kept && changes) {
      checkFolder(request.context());
    }
    JsonNode answer;
    try {
      answer = chain.proceed();
    } catch (ClerkException e) { // Clerk may quote what was sent
      throw e.withReasons(SecretArguments.of(request)::removedFrom);
    }
    if (reveal) {
      return answer;
    }
    List<String> declared = secret == null ? List.of() : List.of(secret.value());
    // A composed tool may send back what it read, and must not overwrite it with a fingerprint; its
    // own answer is masked at the end.
    SecretRedactor mask =
        request.context().tool().isComposed()
            ? SecretRedactor.ofDeclared(declared)
            : SecretRedactor.ofAll(declared);
    JsonNode masked = mask.mask(answer);
    if (kept && !mask.found().isEmpty()) {
      new StoredSecretNotes.StoredSecret(request, answer, mask.found()).keepIn(store);
      if (request.context().isCrossInstance()) { // nothing later adds the note for this context
        tellOfKept(request.context());
      }
    }
    return masked;
  }

  /**
   * Where the credentials go that requests would make or read, as a sentence for a person; null if
   * there are none.
   */
  public @Nullable String destination(List<ClerkRequest> requests) {
    Set<String> fields = new TreeSet<>();
    for (ClerkRequest request : requests) {
      Secret secret = request.secret();
      if (secret != null && secret.kept()) {
        List.of(secret.value()).forEach(path -> fields.add(path.replaceAll("^.*\\.", "")));
      }
    }
    if (fields.isEmpty()) {
      return null;
    }
    String names = String.join(", ", fields);
    return reveal
        ? "The answer shows the credential (%s), to the model too.".formatted(names)
        : "The credential (%s) goes into a new file in %s, which only you can read."
            .formatted(names, store.path());
  }

  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    try {
      JsonNode result = chain.proceed();
      return reveal || !context.tool().isComposed()
          ? result
          : SecretRedactor.ofAll(List.of()).mask(result);
    } catch (PartialFailureException e) {
      throw reveal ? e : e.withDone(SecretRedactor.ofAll(List.of())::mask);
    } finally { // even for secrets that were stored before a failure
      tellOfKept(context);
    }
  }

  private static void tellOfKept(ToolCallContext context) {
    context
        .attribute(StoredSecretNotes.class, StoredSecretNotes::new)
        .tell(context.invocation()::note);
  }

  @Override
  public ToolResult filter(ToolResult result) {
    if (reveal) {
      return result;
    }
    List<String> notes = new ArrayList<>();
    result.notes().forEach(note -> notes.add(CredentialText.masked(note)));
    return result.with(CredentialText.masked(result.json()), notes);
  }

  private void checkFolder(ToolCallContext context) {
    try {
      store.prepare();
    } catch (IOException e) {
      throw new RefusedException(
          "secrets_folder_unwritable",
          "%s returns a credential, but the folder for it, %s, %s."
              .formatted(context.tool().name(), store.path(), e.getMessage()),
          "Nothing was sent. A person must set "
              + Setting.SECRETS_DIR
              + " to a folder of their own that only they can write, and restart the server.");
    }
  }
}
