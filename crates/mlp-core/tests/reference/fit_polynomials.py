import numpy as np, mpmath as mp
mp.mp.dps=40
def fit(f, a, b, deg, weight, n=400):
    # Lawson-iterated weighted least squares -> near minimax
    k=np.arange(n); x=np.cos((2*k+1)*np.pi/(2*n))*(b-a)/2+(a+b)/2
    y=np.array([float(f(mp.mpf(float(v)))) for v in x]); w0=np.array([weight(v) for v in x])
    c=np.ones(n)/n; A=np.vander(x,deg+1,increasing=True)
    best=None
    for _ in range(200):
        s=np.sqrt(c)*w0
        co=np.linalg.lstsq(A*s[:,None],y*s,rcond=None)[0]
        e=np.abs((A@co-y)*w0)
        if best is None or e.max()<best[0]: best=(e.max(),co)
        c=c*e; c/=c.sum()
    return best
h=float(mp.log(2)/2)*1.0005
def qexp(r): return (mp.e**r-1-r-r*r/2)/r**3 if abs(r)>mp.mpf('1e-9') else mp.mpf(1)/6
for d in (3,4):
    e,c=fit(qexp,-h,h,d,lambda r:abs(r)**3+1e-12); print('exp',d,e/2**-24,[f'{v:.10e}' for v in c])
# expm1 relative: weight r^2 (error relative to r)
for d in (3,4):
    e,c=fit(qexp,-h,h,d,lambda r:abs(r)**2+1e-9); print('expm1',d,e/2**-24,[f'{v:.10e}' for v in c])
def qln(f): return (mp.log(1+f)-f+f*f/2)/f**3 if abs(f)>mp.mpf('1e-9') else mp.mpf(1)/3
lo=float(mp.sqrt(0.5)-1); hi=float(mp.sqrt(2)-1)
for d in (6,7,8):
    e,c=fit(qln,lo,hi,d,lambda f:abs(f)**2+1e-9); print('ln',d,e/2**-24,[f'{v:.10e}' for v in c])
def qerf(t): 
    x=mp.sqrt(t); return mp.erf(x)/x-1 if t>1e-18 else 2/mp.sqrt(mp.pi)-1
for d in (5,6,7):
    e,c=fit(qerf,0,1.0,d,lambda t:1.0); print('erf small (erf/x -1) in x^2',d,e/2**-24,[f'{v:.10e}' for v in c])
# -ln(erfc(x)) on 1..4 ; abs error weight erfc(x)
for d in (6,7,8,9):
    e,c=fit(lambda x:-mp.log(mp.erfc(x)),1.0,4.0,d,lambda x:float(mp.erfc(x))); print('erf big',d,e/2**-24,[f'{v:.10e}' for v in c])
