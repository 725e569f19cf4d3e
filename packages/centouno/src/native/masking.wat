;; Masking, RFC 6455 §5.3, where the bytes lie: XORs the bytes from $at to $end with the key, four bytes that are one
;; number as the machine reads them (the first byte the lowest), beginning with the first byte of the key.
;;
;; `npm run kernel` assembles this into masking-module.ts.
(module
  ;; One page to mask what lies elsewhere, and four into which all sockets read.
  (memory (export "memory") 5 5)

  (func (export "mask") (param $at i32) (param $end i32) (param $key i32)
    (local $keys v128)
    (local.set $keys (i32x4.splat (local.get $key)))

    ;; 64 bytes at a time
    (block $less
      (loop $more
        (br_if $less (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $end)))
        (v128.store (local.get $at)
          (v128.xor (v128.load (local.get $at)) (local.get $keys)))
        (v128.store offset=16 (local.get $at)
          (v128.xor (v128.load offset=16 (local.get $at)) (local.get $keys)))
        (v128.store offset=32 (local.get $at)
          (v128.xor (v128.load offset=32 (local.get $at)) (local.get $keys)))
        (v128.store offset=48 (local.get $at)
          (v128.xor (v128.load offset=48 (local.get $at)) (local.get $keys)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $more)))

    ;; 4 bytes at a time
    (block $less
      (loop $more
        (br_if $less (i32.gt_u (i32.add (local.get $at) (i32.const 4)) (local.get $end)))
        (i32.store (local.get $at)
          (i32.xor (i32.load (local.get $at)) (local.get $key)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $more)))

    ;; what is left, byte by byte of the key
    (block $none
      (loop $more
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store8 (local.get $at)
          (i32.xor (i32.load8_u (local.get $at)) (local.get $key)))
        (local.set $key (i32.shr_u (local.get $key) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $more)))))
