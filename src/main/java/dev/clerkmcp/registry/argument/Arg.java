package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares an argument of a tool. Its name is the Java name in snake_case, its type the Java type,
 * and it is required unless the type is {@code @Nullable}. A record parameter without {@code @Arg}
 * is a group: its components are arguments of the tool itself.
 */
@Retention(RUNTIME)
@Target({PARAMETER, RECORD_COMPONENT})
public @interface Arg {
  /** The description for the model: meaning, format and limits. */
  String value();

  /** Whether the caller may clear the stored value, for which Clerk is sent a JSON null. */
  boolean clearable() default false;

  /** The least value of a number, the fewest items of a list, or the shortest length of a text. */
  long min() default Long.MIN_VALUE;

  /** The greatest value of a number, the most items of a list, or the longest length of a text. */
  long max() default Long.MAX_VALUE;

  /** Whether the value is a password, code or key, which is masked in answers and logs. */
  boolean secret() default false;

  /** Whether it is an email address, or a list of them, which is checked before it is sent. */
  boolean email() default false;

  /**
   * Whether few calls need it: it is not in the list of tools, where it would cost tokens, but in
   * the schema that {@code clerk_tools_search} shows.
   */
  boolean rare() default false;

  /**
   * Whether it may be left out although it is in the path: an interceptor then finds it by another
   * argument, or refuses the call.
   */
  boolean inferred() default false;

  /**
   * Whether a greater value is lowered to {@link #max} with a note, instead of an error. It is left
   * as it is in a list that is read page by page, whose maximum is that of a page.
   */
  boolean clamped() default false;

  /**
   * The route that reads the stored value, if Clerk replaces the whole of a list, of an object or
   * of a text of words. A tool that changes the value then takes further arguments that keep the
   * rest: {@code add_x} and {@code remove_x}, of an object {@code set_x} and {@code remove_x}.
   * Empty for none.
   */
  String storedAt() default "";
}
