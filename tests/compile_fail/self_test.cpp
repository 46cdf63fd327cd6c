// Variant 1 does not compile, variant 2 does although it is called bad; BROKEN_CONTROL breaks the control.
struct Uncopied {
  Uncopied() = default;
  Uncopied(const Uncopied&) = delete;
};
Uncopied first;
#ifdef BROKEN_CONTROL
static_assert(sizeof(Uncopied) == 0);
#endif
#if BAD == 1
Uncopied second = first;
#elif BAD == 2
Uncopied& second = first;
#endif
