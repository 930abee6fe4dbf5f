package dev.clerkmcp;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.RateLimiter;
import dev.clerkmcp.clerk.SecretKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Stands in for Clerk: answers requests without a network, and records them. */
public final class FakeClerk implements Interceptor {
  private final Function<String, Answer> answers;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<ByteString> uploads = new CopyOnWriteArrayList<>();

  private FakeClerk(Function<String, Answer> answers) {
    this.answers = answers;
  }

  /** Answers every request with the same JSON. */
  public static FakeClerk answering(String json) {
    return new FakeClerk(request -> new Answer(200, json));
  }

  /**
   * Answers with what the function returns. It gets the request as {@code GET /users?limit=1}, with
   * a body on the next line; an {@link UncheckedIOException} stands for a failure of the network.
   */
  public static FakeClerk answering(Function<String, Answer> answers) {
    return new FakeClerk(answers);
  }

  public ClerkClient client() {
    return ClerkClient.create(settings(null), this);
  }

  /**
   * The settings of a client that reaches no network.
   *
   * @param limiter null for no rate limit
   */
  static ClerkClient.Settings settings(@Nullable RateLimiter limiter) {
    return new ClerkClient.Settings(
        SecretKey.of("sk_test_notarealkey"),
        "https://clerk.invalid/v1",
        "test",
        Duration.ofSeconds(5),
        Duration.ZERO,
        limiter,
        NetworkSettings.DIRECT);
  }

  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The requests that change something: all but GET. */
  public List<String> changes() {
    return requests.stream().filter(request -> !request.startsWith("GET ")).toList();
  }

  /** The contents of the files that were sent. */
  public List<ByteString> uploads() {
    return List.copyOf(uploads);
  }

  public void forget() {
    requests.clear();
    uploads.clear();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    String rendered = render(request);
    requests.add(rendered);
    if (request.body() instanceof MultipartBody form) {
      addFiles(form);
    }
    Answer answer = answer(rendered);
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(answer.status())
        .message("")
        .body(ResponseBody.create(answer.json(), MediaType.get("application/json")))
        .build();
  }

  private void addFiles(MultipartBody form) throws IOException {
    for (MultipartBody.Part part : form.parts()) {
      if (part.body().contentType() != null) {
        Buffer content = new Buffer();
        part.body().writeTo(content);
        uploads.add(content.readByteString());
      }
    }
  }

  private Answer answer(String request) throws IOException {
    try {
      return answers.apply(request);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String render(Request request) throws IOException {
    String path = request.url().encodedPath().substring("/v1".length());
    String query = request.url().encodedQuery() == null ? "" : "?" + request.url().encodedQuery();
    return (request.method() + " " + path + query + "\n" + render(request.body())).strip();
  }

  private static String render(RequestBody body) throws IOException {
    if (body == null) {
      return "";
    }
    if (body instanceof MultipartBody form) {
      StringBuilder parts = new StringBuilder();
      for (MultipartBody.Part part : form.parts()) {
        parts
            .append(part.headers().get("Content-Disposition"))
            .append(part.body().contentType() == null ? "" : "; " + part.body().contentType())
            .append('\n');
      }
      return parts.toString();
    }
    Buffer buffer = new Buffer();
    body.writeTo(buffer);
    return buffer.readUtf8();
  }

  /** Clerk's answer. */
  public record Answer(int status, String json) {
    /** An error with one code. */
    public static Answer error(int status, String code) {
      return new Answer(
          status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"No.\"}]}".formatted(code));
    }
  }
}
