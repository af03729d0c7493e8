# cmake -DIN=FILE -DOUT=HEADER -DNAME=ARRAY -P embed.cmake: bytes as C.
file(READ "${IN}" hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))"
       "\\1\n" bytes "${bytes}")
file(WRITE "${OUT}" "static const unsigned char ${NAME}[] = {\n${bytes}};\n")
