package dev.clerkmcp.sandbox.seed;

import java.util.List;
import java.util.SplittableRandom;

/** Names for made-up people in several scripts, each with a Latin form for addresses. */
final class SampleNames {
  private static final List<Names> NAMES =
      List.of(
          new Names(
              List.of("Amara=amara", "Bruno=bruno", "Clara=clara", "Dorian=dorian", "Edith=edith"),
              List.of("Fenwick=fenwick", "Garland=garland", "Holt=holt", "Ives=ives")),
          new Names(
              List.of("Jonas=jonas", "Katrin=katrin", "Lukas=lukas", "Mareike=mareike"),
              List.of("Brückner=brueckner", "Groß=gross", "Jäger=jaeger", "Wölfli=woelfli")),
          new Names(
              List.of(
                  "Zoë=zoe", "François=francois", "Noémie=noemie", "Łucja=lucja", "Søren=soren"),
              List.of("Lefèvre=lefevre", "Nowak=nowak", "Ångström=angstroem", "Muñoz=munoz")),
          new Names(List.of("美咲=misaki", "蓮=ren", "陽菜=hina"), List.of("高橋=takahashi", "森=mori")),
          new Names(
              List.of("Олена=olena", "Тарас=taras", "Ірина=iryna"),
              List.of("Бондар=bondar", "Коваль=koval", "Мельник=melnyk")),
          new Names(List.of("ليلى=layla", "يوسف=yusuf"), List.of("حداد=haddad", "نصار=nassar")),
          new Names(List.of("अनन्या=ananya", "रोहन=rohan"), List.of("शर्मा=sharma", "वर्मा=varma")),
          new Names(
              List.of("Ngozi=ngozi", "Thabo=thabo", "Wanjiru=wanjiru", "Kofi=kofi"),
              List.of("Okonjo=okonjo", "Dlamini=dlamini", "Mwangi=mwangi", "Asante=asante")),
          new Names(List.of("지우=jiwoo", "민준=minjun"), List.of("박=park", "최=choi")),
          new Names(
              List.of("Ελένη=eleni", "Νίκος=nikos"),
              List.of("Δημητρίου=dimitriou", "Βασιλείου=vasileiou")));

  private SampleNames() {}

  /** A random name; two calls may return the same one. */
  static Person next(SplittableRandom random) {
    Names names = NAMES.get(random.nextInt(NAMES.size()));
    String given = names.given().get(random.nextInt(names.given().size()));
    String family = names.family().get(random.nextInt(names.family().size()));
    return new Person(name(given), name(family), "%s.%s".formatted(latin(given), latin(family)));
  }

  private static String name(String entry) {
    return entry.substring(0, entry.indexOf('='));
  }

  private static String latin(String entry) {
    return entry.substring(entry.indexOf('=') + 1);
  }

  /**
   * A made-up person.
   *
   * @param handle the name in plain letters: {@code amara.holt}
   */
  record Person(String firstName, String lastName, String handle) {}

  private record Names(List<String> given, List<String> family) {}
}
