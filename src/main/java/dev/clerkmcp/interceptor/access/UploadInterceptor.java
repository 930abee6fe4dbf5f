package dev.clerkmcp.interceptor.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.clerk.UploadFile;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets hosts upload images from one folder only, and tells them nothing about files elsewhere: a
 * model could otherwise send any image of this computer, or find out which files there are. The
 * command line may name any image, since a person types the path.
 */
public final class UploadInterceptor implements ToolInterceptor {
  private final @Nullable Path folder;

  /**
   * Prepares to check uploads.
   *
   * @param folder null if hosts may upload nothing
   */
  public UploadInterceptor(@Nullable Path folder) {
    this.folder = folder == null ? null : folder.toAbsolutePath().normalize();
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return imageArgument(context.tool()) != null;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    String argument = Objects.requireNonNull(imageArgument(context.tool()));
    String given = context.arguments().path(argument).asText();
    Path image;
    if (context.invocation().caller().isCommandLine()) {
      image = anywhere(argument, given);
    } else if (folder != null) {
      image = below(folder, argument, given);
    } else {
      throw new RefusedException(
          "uploads_off",
          "%s needs a folder to read images from, and none is set."
              .formatted(context.tool().name()),
          "A person must set %s to a folder, put the image into it and restart the server; or upload"
                  .formatted(Setting.UPLOAD_DIR)
              + " the image with clerk-mcp call.");
    }
    try {
      context.set(argument, TextNode.valueOf(UploadFile.of(image.toString()).path().toString()));
    } catch (IllegalArgumentException e) {
      throw InvalidArgumentsException.of(argument, String.valueOf(e.getMessage()));
    }
    return chain.proceed();
  }

  /** The name of the argument that is the path of an image; null if the tool has none. */
  private static @Nullable String imageArgument(ToolDefinition tool) {
    return tool.endpoint() != null && tool.endpoint().payload() instanceof Payload.Form form
        ? form.imageArgument()
        : null;
  }

  /** The path that a person typed, with its links followed. */
  private static Path anywhere(String argument, String given) {
    Path path = path(Path.of(""), argument, given);
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path; // reading it says why it cannot be used
    }
  }

  /** The path below the folder. A path elsewhere is refused without looking at the file. */
  private static Path below(Path folder, String argument, String given) {
    Path path = path(folder, argument, given);
    if (!path.startsWith(folder) || path.equals(folder)) {
      throw InvalidArgumentsException.of(
          argument,
          "must be a file in %s (%s) or a folder below it".formatted(folder, Setting.UPLOAD_DIR));
    }
    try {
      return folder.toRealPath().resolve(folder.relativize(path)); // the folder may be a link
    } catch (IOException e) {
      throw InvalidArgumentsException.of(
          argument,
          "cannot be read, since there is no folder %s (%s)".formatted(folder, Setting.UPLOAD_DIR));
    }
  }

  /** The path without dots; a relative one starts at the folder. */
  private static Path path(Path folder, String argument, String given) {
    if (given.matches("[/\\\\]{2}(?s:.*)")) { // Windows would log in to the server that it names
      throw InvalidArgumentsException.of(argument, "must not be on another computer");
    }
    try {
      return folder.resolve(given).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw InvalidArgumentsException.of(argument, "is not a valid path on this computer");
    }
  }
}
