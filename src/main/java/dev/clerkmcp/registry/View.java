package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares what is shown of one kind of Clerk's objects unless a caller asks for other fields.
 *
 * <p>A column is a path ({@code verification.status}), with a name of its own before an equals sign
 * where the path's last word would not do; several paths joined by a plus become one text. {@code
 * list[id_field]} is the item of the list whose ID stands in that field.
 */
@Retention(RUNTIME)
@Target(TYPE)
@Repeatable(View.All.class)
public @interface View {
  /** The value of {@code object} in Clerk's answer. */
  String of();

  /** The columns of a row in a list. */
  String[] row();

  /**
   * The words that say what is remarkable about it: a path, with a word of its own before an equals
   * sign; an exclamation mark turns it round, and a value after a colon must be equal.
   */
  String[] flags() default {};

  /** The columns beside those of a row where it is shown alone; {@code *} is all that is left. */
  String[] more() default "*";

  /** Fields that {@code *} does not mean. */
  String[] except() default {};

  /** Several on one type. */
  @Retention(RUNTIME)
  @Target(TYPE)
  @interface All {
    View[] value();
  }
}
