/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test only: what clang's gnustep-1.8 ABI (the oldest with ARC and weak references) needs to run on GCC's libobjc.so.4.
 * Classes and protocols are rewritten at load time into the layout that GCC's runtime knows; the entry points of ARC,
 * weak references and property setters follow. No Objective-C exception is caught: shell and lab have none.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <objc/message.h>
#include <objc/objc.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* Neither GNUstep nor libobjc has frame pointers: without their unwind tables nobody could say whose a leak is. */
const char* __asan_default_options(void);
const char* __asan_default_options(void) { return "fast_unwind_on_malloc=0"; }

struct ivar {
    const char *name, *type;
    int offset;
};
struct ivars {
    int count;
    struct ivar v[];
};
struct proto {
    void* isa;
    const char* name;
    struct plist* protos;
};
struct plist {
    struct plist* next;
    size_t count;
    struct proto* v[];
};
struct cls {
    struct cls* isa;
    const char* super;
    const char* name;
    long version, info, size;
    struct ivars* ivars;
    void *methods, *dtable, *sub, *sib;
    struct plist* protos;
    void* gc;
    long abi;
    int** ivar_offsets;
    void* props;
};
struct cat {
    const char *name, *cname;
    void *im, *cm;
    struct plist* protos;
};
struct symtab {
    unsigned long nref;
    void* refs;
    unsigned short ncls, ncat;
    void* defs[];
};
struct module {
    unsigned long version, size;
    const char* name;
    struct symtab* st;
};
static void fix_protos(struct plist* l) {
    for (; l; l = l->next)
        for (size_t i = 0; i < l->count; i++) {
            struct proto* p = l->v[i];
            if (p && p->isa == (void*)3) {
                p->isa = (void*)2;
                fix_protos(p->protos);
            }
        }
}
static long super_size(const char* n, struct symtab* st, int upto);
static void fix_class(struct cls* c, struct symtab* st) {
    if (c->size > 0) return;
    long ss = c->super ? super_size(c->super, st, st->ncls) : 0;
    c->size = ss - c->size;
    if (c->ivars)
        for (int i = 0; i < c->ivars->count; i++) {
            c->ivars->v[i].offset += (int)ss;
            if (c->ivar_offsets && c->ivar_offsets[i]) *c->ivar_offsets[i] = c->ivars->v[i].offset;
        }
}
static long super_size(const char* n, struct symtab* st, int upto) {
    for (int i = 0; i < upto; i++) {
        struct cls* c = st->defs[i];
        if (!strcmp(c->name, n)) {
            if (c->size <= 0) fix_class(c, st);
            return c->size;
        }
    }
    return (long)class_getInstanceSize(objc_lookUpClass(n));
}
/* Whether every superclass of its classes is there, or is its own. */
static int is_complete(struct module* m) {
    for (int i = 0; i < m->st->ncls; i++) {
        const struct cls* c = m->st->defs[i];
        int found = !c->super || objc_lookUpClass(c->super) != Nil;
        for (int k = 0; k < m->st->ncls && !found; k++) found = !strcmp(((struct cls*)m->st->defs[k])->name, c->super);
        if (!found) return 0;
    }
    return 1;
}
static void load(struct module* m) {
    static void (*real)(struct module*);
    if (!real) real = dlsym(RTLD_NEXT, "__objc_exec_class");
    if (m->version == 9 || m->version == 10) {
        m->version = 8;
        m->size = 32;
        for (int i = 0; i < m->st->ncls; i++) {
            struct cls* c = m->st->defs[i];
            c->info &= ~0x10L;
            c->isa->info &= ~0x10L;
            fix_class(c, m->st);
            fix_protos(c->protos);
            fix_protos(c->isa->protos);
        }
        for (int i = 0; i < m->st->ncat; i++) {
            struct cat* c = m->st->defs[m->st->ncls + i];
            fix_protos(c->protos);
        }
    }
    real(m);
}
/* In the linker's order, which knows nothing of superclasses: a module waits for those of its classes. */
void __objc_exec_class(struct module* m) {
    enum { kWaitingMax = 64 };
    static struct module* waiting[kWaitingMax];
    static int count;
    if ((m->version == 9 || m->version == 10) && !is_complete(m)) {
        if (count == kWaitingMax) abort();
        waiting[count++] = m;
        return;
    }
    load(m);
    for (int i = 0; i < count; i++) {
        if (!is_complete(waiting[i])) continue;
        load(waiting[i]);
        waiting[i] = waiting[--count];
        i = -1; /* It may be what others wait for. */
    }
}
/* message lookup */
typedef IMP (*lookup_t)(id, SEL);
extern IMP objc_msg_lookup(id, SEL);
struct slot {
    Class owner, cachedFor;
    const char* types;
    int version;
    IMP imp;
};
static __thread struct slot tls_slot;
extern void *_NSConcreteStackBlock[32], *_NSConcreteMallocBlock[32], *_NSConcreteGlobalBlock[32];
extern void* _Block_copy(const void*);
extern void _Block_release(const void*);
static int is_block(id o) {
    void* i = *(void**)o;
    return i == (void*)_NSConcreteStackBlock || i == (void*)_NSConcreteMallocBlock ||
           i == (void*)_NSConcreteGlobalBlock;
}
static id blk_copy(id b, SEL s) {
    (void)s;
    return (id)_Block_copy(b);
}
static id blk_self(id b, SEL s) {
    (void)s;
    return b;
}
static void blk_release(id b, SEL s) {
    (void)s;
    _Block_release(b);
}
static IMP blk_imp(SEL s) {
    const char* n = sel_getName(s);
    if (!strcmp(n, "copy") || !strcmp(n, "retain") || !strcmp(n, "copyWithZone:")) return (IMP)blk_copy;
    if (!strcmp(n, "release")) return (IMP)blk_release;
    return (IMP)blk_self;
}
struct slot* objc_msg_lookup_sender(id* r, SEL s, id sender) {
    (void)sender;
    tls_slot.imp = (*r && is_block(*r)) ? blk_imp(s) : objc_msg_lookup(*r, s);
    return &tls_slot;
}
struct slot* objc_slot_lookup_super(struct objc_super* p, SEL s) {
    tls_slot.imp = objc_msg_lookup_super(p, s);
    return &tls_slot;
}
/* ARC entry points */
static SEL s_retain, s_release, s_autorelease, s_dealloc;
static void sels(void) {
    if (!s_retain) {
        s_retain = sel_registerName("retain");
        s_release = sel_registerName("release");
        s_autorelease = sel_registerName("autorelease");
        s_dealloc = sel_registerName("dealloc");
    }
}
id objc_retain(id o) {
    if (!o) return o;
    if (is_block(o)) return (id)_Block_copy(o);
    sels();
    return ((id(*)(id, SEL))objc_msg_lookup(o, s_retain))(o, s_retain);
}
void objc_release(id o) {
    if (!o) return;
    if (is_block(o)) {
        _Block_release(o);
        return;
    }
    sels();
    ((void (*)(id, SEL))objc_msg_lookup(o, s_release))(o, s_release);
}
id objc_autorelease(id o) {
    if (!o || is_block(o)) return o;
    sels();
    return ((id(*)(id, SEL))objc_msg_lookup(o, s_autorelease))(o, s_autorelease);
}
id objc_retainBlock(id b) { return b ? (id)_Block_copy(b) : b; }
id objc_retainAutorelease(id o) { return objc_autorelease(objc_retain(o)); }
id objc_retainAutoreleaseReturnValue(id o) { return objc_autorelease(objc_retain(o)); }
id objc_autoreleaseReturnValue(id o) { return objc_autorelease(o); }
id objc_retainAutoreleasedReturnValue(id o) { return objc_retain(o); }
id objc_unsafeClaimAutoreleasedReturnValue(id o) { return o; }
id objc_storeStrong(id* p, id v) {
    v = objc_retain(v);
    id old = *p;
    *p = v;
    objc_release(old);
    return v;
}
void* objc_autoreleasePoolPush(void) {
    id c = (id)objc_getClass("NSAutoreleasePool");
    SEL n = sel_registerName("new");
    return ((id(*)(id, SEL))objc_msg_lookup(c, n))(c, n);
}
void objc_autoreleasePoolPop(void* p) { objc_release((id)p); }
/* zeroing weak references: one list, one lock; cleared in NSObject's dealloc */
struct wref {
    id* slot;
    struct wref* next;
};
static pthread_mutex_t wm = PTHREAD_MUTEX_INITIALIZER;
static struct wref* weaks;
static void (*orig_dealloc)(id, SEL);
static void weak_dealloc(id o, SEL s) {
    pthread_mutex_lock(&wm);
    for (struct wref** p = &weaks; *p;) {
        struct wref* w = *p;
        if (*w->slot == o) {
            *w->slot = nil;
            *p = w->next;
            free(w);
        } else
            p = &w->next;
    }
    pthread_mutex_unlock(&wm);
    orig_dealloc(o, s);
}
static void hook(void) {
    if (orig_dealloc) return;
    sels();
    Method m = class_getInstanceMethod((Class)objc_getClass("NSObject"), s_dealloc);
    orig_dealloc = (void (*)(id, SEL))method_getImplementation(m);
    method_setImplementation(m, (IMP)weak_dealloc);
}
static void wdel(id* slot) {
    for (struct wref** p = &weaks; *p; p = &(*p)->next)
        if ((*p)->slot == slot) {
            struct wref* w = *p;
            *p = w->next;
            free(w);
            return;
        }
}
id objc_storeWeak(id* slot, id o) {
    pthread_mutex_lock(&wm);
    hook();
    wdel(slot);
    *slot = o;
    if (o) {
        struct wref* w = malloc(sizeof *w);
        w->slot = slot;
        w->next = weaks;
        weaks = w;
    }
    pthread_mutex_unlock(&wm);
    return o;
}
id objc_initWeak(id* slot, id o) {
    *slot = nil;
    return objc_storeWeak(slot, o);
}
void objc_destroyWeak(id* slot) {
    pthread_mutex_lock(&wm);
    wdel(slot);
    *slot = nil;
    pthread_mutex_unlock(&wm);
}
id objc_loadWeakRetained(id* slot) {
    pthread_mutex_lock(&wm);
    id o = objc_retain(*slot);
    pthread_mutex_unlock(&wm);
    return o;
}
id objc_loadWeak(id* slot) { return objc_autorelease(objc_loadWeakRetained(slot)); }
void objc_copyWeak(id* d, id* s) {
    id o = objc_loadWeakRetained(s);
    objc_initWeak(d, o);
    objc_release(o);
}
void objc_moveWeak(id* d, id* s) {
    objc_copyWeak(d, s);
    objc_destroyWeak(s);
}
/* C++ cleanups only: no @catch in the shell */
extern int __gxx_personality_v0(int, int, unsigned long, void*, void*);
int __gnustep_objcxx_personality_v0(int a, int b, unsigned long c, void* d, void* e) {
    return __gxx_personality_v0(a, b, c, d, e);
}
int __gnustep_objc_personality_v0(int a, int b, unsigned long c, void* d, void* e) {
    return __gxx_personality_v0(a, b, c, d, e);
}
static void setprop(id o, ptrdiff_t off, id v, int copy) {
    id *p = (id*)((char*)o + off), nv;
    if (copy && v && !is_block(v)) {
        SEL c = sel_registerName("copy");
        nv = ((id(*)(id, SEL))objc_msg_lookup(v, c))(v, c);
    } else
        nv = objc_retain(v);
    id old = *p;
    *p = nv;
    objc_release(old);
}
void objc_setProperty_nonatomic_copy(id o, SEL s, id v, ptrdiff_t off) {
    (void)s;
    setprop(o, off, v, 1);
}
void objc_setProperty_atomic_copy(id o, SEL s, id v, ptrdiff_t off) {
    (void)s;
    pthread_mutex_lock(&wm);
    pthread_mutex_unlock(&wm);
    setprop(o, off, v, 1);
}
void objc_setProperty_nonatomic(id o, SEL s, id v, ptrdiff_t off) {
    (void)s;
    setprop(o, off, v, 0);
}
void objc_setProperty_atomic(id o, SEL s, id v, ptrdiff_t off) {
    (void)s;
    setprop(o, off, v, 0);
}
